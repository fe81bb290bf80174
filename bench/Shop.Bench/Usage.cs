namespace Shop.Bench;

/// <summary>What the shop had used up at one moment: CPU by program, and commits of its database server.</summary>
internal sealed record Usage(IReadOnlyDictionary<string, TimeSpan> Cpu, long Commits)
{
    public static async Task<Usage> NowAsync(ShopUnderLoad shop)
    {
        // PostgreSQL's own counters lag by up to a second.
        await Task.Delay(TimeSpan.FromSeconds(1.2));
        var commits = await shop.QueryAsync<long>("postgres", "SELECT sum(xact_commit)::bigint FROM pg_stat_database");
        return new Usage(CpuNow(), commits);
    }

    /// <summary>What every program that was started from here has used of the CPU; the load generator is this process and what it waited for.</summary>
    public static Dictionary<string, TimeSpan> CpuNow() =>
        Processes
            .Below(Environment.ProcessId)
            .Append(Environment.ProcessId)
            .GroupBy(NameOf)
            .ToDictionary(
                program => program.Key,
                program => program.Aggregate(TimeSpan.Zero, (sum, pid) => sum + Processes.Cpu(pid))
            );

    /// <summary>Prints what was used since then for each order, the hungriest program first.</summary>
    public void ReportSince(Usage before, int orders)
    {
        var used = Since(before, orders);
        Console.WriteLine(
            $"  per order     {used.Sum(program => program.Milliseconds):0.0} ms CPU, {(double)(Commits - before.Commits) / orders:0.0} commits"
        );
        Console.WriteLine(
            $"                {string.Join(", ", used.Where(program => program.Milliseconds >= 0.05).Select(program => $"{program.Name} {program.Milliseconds:0.0}"))}"
        );
    }

    /// <summary>Prints what share of one core was used since then, the hungriest program first.</summary>
    public void ReportIdleSince(Usage before, TimeSpan elapsed)
    {
        // A hundredth of a core is 10 ms in a second.
        var used = Since(before, elapsed.TotalSeconds * 10);
        Console.WriteLine(
            $"  idle          {used.Sum(program => program.Milliseconds):0.0} % of a core, {(Commits - before.Commits) / elapsed.TotalSeconds:0.0} commits/s"
        );
        Console.WriteLine(
            $"                {string.Join(", ", used.Where(program => program.Milliseconds >= 0.05).Select(program => $"{program.Name} {program.Milliseconds:0.0}"))}"
        );
    }

    /// <summary>The milliseconds of CPU that each program has used since then, divided; the hungriest first.</summary>
    public List<(string Name, double Milliseconds)> Since(Usage before, double divisor) =>
        [
            .. Cpu.Select(program =>
                    (
                        program.Key,
                        (program.Value - before.Cpu.GetValueOrDefault(program.Key)).TotalMilliseconds / divisor
                    )
                )
                .OrderByDescending(program => program.Item2),
        ];

    private static string NameOf(int pid)
    {
        if (pid == Environment.ProcessId)
            return "load generator";
        var command = Processes.CommandLine(pid);
        var program = Path.GetFileName(command.Split(' ')[0]);
        if (program.StartsWith("Shop.", StringComparison.Ordinal))
            return program["Shop.".Length..];
        return command.Contains("postgres", StringComparison.Ordinal) ? "PostgreSQL"
            : command.Contains("garnet", StringComparison.OrdinalIgnoreCase) ? "cache"
            : command.Contains("maildev", StringComparison.Ordinal) ? "mail"
            : command.Contains("Aspire.Dashboard", StringComparison.Ordinal) ? "dashboard"
            : command.StartsWith("nginx", StringComparison.Ordinal) ? "nginx"
            : program;
    }
}
