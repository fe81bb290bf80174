namespace Shop.Bench;

/// <summary>Who is asked, and what came of it.</summary>
internal sealed class Target(string name, Uri address, string? token)
{
    private readonly List<(Load Load, Dictionary<string, double> Cpu)> _rounds = [];

    public string Name => name;

    public double PerSecond => Median(round => round.Load.PerSecond);

    private double P50 => Median(round => round.Load.P50);

    public void Forget() => _rounds.Clear();

    public async Task RunAsync(int connections, TimeSpan duration, CancellationToken cancellationToken)
    {
        var before = Usage.CpuNow();
        var load = await Wrk.RunAsync(address, token, connections, duration, cancellationToken);
        var cpu = Usage
            .CpuNow()
            .ToDictionary(
                program => program.Key,
                program =>
                    (program.Value - before.GetValueOrDefault(program.Key)).TotalMilliseconds / load.Requests * 1000
            );
        _rounds.Add((load, cpu));
    }

    /// <param name="isLow">Whether to say how much is added to the time of a request, which a high load would hide.</param>
    /// <param name="direct">What it is compared with.</param>
    public void Report(bool isLow, Target direct)
    {
        var added = isLow && this != direct ? $"   adds {P50 - direct.P50:0.000} ms to p50" : "";
        Console.WriteLine(
            $"  {name, -17}{PerSecond, 8:0} requests/s   p50 {P50, 6:0.000} ms   p99 {Median(round => round.Load.P99), 6:0.000} ms{added}"
        );
        var programs = _rounds
            .SelectMany(round => round.Cpu.Keys)
            .Distinct()
            .Select(program => (Name: program, Cpu: Median(round => round.Cpu.GetValueOrDefault(program))))
            .OrderByDescending(program => program.Cpu)
            .ToList();
        Console.WriteLine(
            $"  {"", -17}{programs.Sum(program => program.Cpu), 8:0} ms CPU for 1,000 requests: {string.Join(", ", programs.Where(program => program.Cpu >= 1).Select(program => $"{program.Name} {program.Cpu:0}"))}"
        );
    }

    private double Median(Func<(Load Load, Dictionary<string, double> Cpu), double> value) =>
        _rounds.Select(value).Order().ElementAt(_rounds.Count / 2);
}
