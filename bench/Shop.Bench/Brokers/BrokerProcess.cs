using System.Diagnostics;
using Amqp;
using Shop.EmbeddedPostgres;

namespace Shop.Bench.Brokers;

/// <summary>A broker in a process of its own on 127.0.0.1, with a folder of its own that goes with it.</summary>
internal abstract class BrokerProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    private readonly List<Process> _processes = [];
    private volatile string _lastLine = "It printed nothing.";

    public abstract string Name { get; }

    /// <summary>Why it cannot be measured here, in a sentence; null when it can.</summary>
    public virtual string? Missing => null;

    /// <summary>Where the queue is for producers and consumers.</summary>
    public abstract string Queue { get; }

    public Address Address => new("127.0.0.1", Port, User, Password, "/", "amqp");

    /// <summary>User and system time that it has used since it was started.</summary>
    public TimeSpan Cpu =>
        _processes
            .SelectMany(process => Processes.Below(process.Id).Append(process.Id))
            .Distinct()
            .Aggregate(TimeSpan.Zero, (sum, pid) => sum + Processes.Cpu(pid));

    protected string Folder { get; } = Directory.CreateTempSubdirectory("shop-bench-broker-").FullName;

    protected int Port { get; } = FreePort.Next();

    protected abstract string User { get; }

    protected abstract string Password { get; }

    /// <summary>Starts it and waits until it takes connections.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await LaunchAsync(cancellationToken);
        await Listening.UntilAsync(
            Name,
            Port,
            s_startLimit,
            () => _processes.Any(process => process.HasExited) ? _lastLine : null,
            cancellationToken
        );
    }

    /// <summary>Ends it as <c>kill -9</c> does.</summary>
    public async Task KillAsync()
    {
        foreach (var process in _processes)
        {
            if (!process.HasExited)
                process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }

        _processes.Clear();
    }

    public async ValueTask DisposeAsync()
    {
        await KillAsync();
        Directory.Delete(Folder, recursive: true);
    }

    /// <summary>Writes what it needs into <see cref="Folder"/> and calls <see cref="Launch"/>.</summary>
    protected abstract Task LaunchAsync(CancellationToken cancellationToken);

    protected Process Launch(
        string program,
        IEnumerable<string> arguments,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var (name, value) in environment ?? new Dictionary<string, string>())
            start.Environment[name] = value;
        var process = Process.Start(start)!;
        process.OutputDataReceived += (_, line) => OnLine(line.Data);
        process.ErrorDataReceived += (_, line) => OnLine(line.Data);
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        _processes.Add(process);
        return process;
    }

    /// <summary>Sees each line that it prints.</summary>
    protected virtual void OnOutput(string line) { }

    private void OnLine(string? line)
    {
        if (string.IsNullOrWhiteSpace(line))
            return;
        _lastLine = line;
        OnOutput(line);
    }
}
