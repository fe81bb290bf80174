using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Reflection;

namespace Shop.Monolith.Tests;

/// <summary>The monolith as somebody would start it: one process, its PostgreSQL and data in a folder of its own.</summary>
internal sealed class MonolithProcess : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan s_stopLimit = TimeSpan.FromSeconds(40);

    private static readonly string s_program = typeof(MonolithProcess)
        .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
        .Single(attribute => attribute.Key == "Monolith")
        .Value!;

    private readonly string _data = Path.Combine(Path.GetTempPath(), $"shop monolith {Guid.NewGuid():N}");
    private readonly List<string> _output = [];
    private Process? _process;

    public MonolithProcess() => Address = new Uri($"http://127.0.0.1:{FreePort()}");

    public Uri Address { get; }

    /// <summary>What it has written to the console, from all its starts.</summary>
    public IReadOnlyList<string> Output
    {
        get
        {
            lock (_output)
                return [.. _output];
        }
    }

    /// <summary>Starts it and waits until all that it depends on answers.</summary>
    public async Task StartAsync(params string[] arguments)
    {
        var ready = new TaskCompletionSource();
        _process = Process(arguments);
        _process.OutputDataReceived += (_, line) => Listen(line.Data);
        _process.ErrorDataReceived += (_, line) => Listen(line.Data);
        _process.EnableRaisingEvents = true;
        _process.Exited += (_, _) => ready.TrySetException(new InvalidOperationException($"It ended. {Said()}"));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        try
        {
            await ready.Task.WaitAsync(s_startLimit);
        }
        catch (TimeoutException)
        {
            throw new TimeoutException($"Not ready after {s_startLimit.TotalMinutes:0} minutes. {Said()}");
        }

        void Listen(string? line)
        {
            if (line is null)
                return;
            lock (_output)
                _output.Add(line);
            if (line.StartsWith($"The shop is ready on {Address.OriginalString};", StringComparison.Ordinal))
                ready.TrySetResult();
        }
    }

    /// <summary>Runs it with a verb, and what follows it, to its end.</summary>
    /// <returns>The exit code.</returns>
    public Task<int> RunAsync(params string[] arguments) => RunAsync(Process(arguments));

    /// <summary>The same with databases of which none is there.</summary>
    public Task<int> RunWithoutDatabasesAsync(params string[] arguments)
    {
        var process = Process(arguments);
        foreach (
            var module in new[]
            {
                "users",
                "catalog",
                "search",
                "inventory",
                "payments",
                "ordering",
                "billing",
                "notifications",
                "storefront",
            }
        )
            process.StartInfo.Environment[$"ConnectionStrings__{module}db"] = "Host=127.0.0.1;Port=1;Username=nobody";
        return RunAsync(process);
    }

    private async Task<int> RunAsync(Process started)
    {
        using var process = started;
        process.Start();
        using var limit = new CancellationTokenSource(s_startLimit);
        var output = process.StandardOutput.ReadToEndAsync(limit.Token);
        var errors = process.StandardError.ReadToEndAsync(limit.Token);
        await process.WaitForExitAsync(limit.Token);
        lock (_output)
            _output.AddRange([output.Result, errors.Result]);
        return process.ExitCode;
    }

    /// <summary>SIGKILL, to the process alone: nobody tidies up behind it.</summary>
    public async Task KillAsync()
    {
        _process!.Kill();
        await WaitForExitAsync();
    }

    /// <summary>SIGTERM.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> StopAsync()
    {
        using (var kill = System.Diagnostics.Process.Start("kill", ["-TERM", $"{_process!.Id}"]))
            await kill.WaitForExitAsync();
        return await WaitForExitAsync();
    }

    /// <summary>The id of the server's process, as PostgreSQL itself notes it while it runs.</summary>
    public int? PostgresId()
    {
        var file = Path.Combine(_data, "postgres", "18", "postmaster.pid");
        return File.Exists(file) ? int.Parse(File.ReadLines(file).First(), null) : null;
    }

    public async ValueTask DisposeAsync()
    {
        if (_process is { HasExited: false })
            await StopAsync();
        _process?.Dispose();
        using var limit = new CancellationTokenSource(s_stopLimit);
        while (PostgresId() is not null && !limit.IsCancellationRequested)
            await Task.Delay(50);
        if (Directory.Exists(_data))
            Directory.Delete(_data, recursive: true);
    }

    private async Task<int> WaitForExitAsync()
    {
        using var limit = new CancellationTokenSource(s_stopLimit);
        try
        {
            await _process!.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process!.Kill(entireProcessTree: true);
            throw new TimeoutException($"It did not end within {s_stopLimit.TotalSeconds} s. {Said()}");
        }
        return _process.ExitCode;
    }

    private Process Process(string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", ["exec", s_program, .. arguments])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        // Not as arguments: those after a verb are the verb's.
        start.Environment["ASPNETCORE_URLS"] = Address.OriginalString;
        start.Environment["Shop__DataDirectory"] = _data;
        start.Environment["ASPNETCORE_ENVIRONMENT"] = "Development";
        start.Environment["DOTNET_ENVIRONMENT"] = "Development";
        start.Environment["Identity__PasswordHashRounds"] = "1000"; // tests have passwords that are worth nothing
        start.Environment["DOTNET_TieredPGO"] = "0"; // starts a little sooner
        return new Process { StartInfo = start };
    }

    private string Said() => "It said last: " + string.Join(" / ", Output.TakeLast(5));

    private static int FreePort()
    {
        using var listener = new TcpListener(IPAddress.Loopback, 0);
        listener.Start();
        return ((IPEndPoint)listener.LocalEndpoint).Port;
    }
}
