using System.Diagnostics;

namespace Shop.Testing;

/// <summary>A service's or the gateway's own program, as a platform starts and ends it.</summary>
public sealed class ServiceProcess : IAsyncDisposable
{
    private readonly Process _process;
    private readonly Task<string> _output;
    private readonly Task<string> _errors;

    private ServiceProcess(Process process)
    {
        _process = process;
        _output = process.StandardOutput.ReadToEndAsync();
        _errors = process.StandardError.ReadToEndAsync();
    }

    /// <summary>What it has written, once it has ended.</summary>
    public Task<string> Output => _output;

    /// <summary>What it has written to standard error, once it has ended.</summary>
    public Task<string> Errors => _errors;

    /// <summary>Starts it with nothing of this process's environment that is a setting of the shop or of ASP.NET Core.</summary>
    /// <param name="folder">The project's folder in the repository, such as <c>services/Shop.Billing</c>.</param>
    /// <param name="environment">The variables that it gets.</param>
    /// <param name="arguments">The command line.</param>
    public static ServiceProcess Start(
        string folder,
        IEnumerable<KeyValuePair<string, string?>> environment,
        params string[] arguments
    )
    {
        ArgumentNullException.ThrowIfNull(environment);
        var start = new ProcessStartInfo("dotnet", ["exec", Repository.ProgramOf(folder), .. arguments])
        {
            WorkingDirectory = Repository.PathOf(folder),
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        foreach (var name in start.Environment.Keys.Where(IsSetting).ToList())
            start.Environment.Remove(name);
        foreach (var (name, value) in environment)
            start.Environment[name] = value;
        return new ServiceProcess(Process.Start(start)!);
    }

    /// <summary>SIGTERM, as Kubernetes and Container Apps send it.</summary>
    public async Task TerminateAsync()
    {
        using var kill = Process.Start("kill", ["-TERM", $"{_process.Id}"]);
        await kill.WaitForExitAsync();
    }

    /// <summary>Waits for its end.</summary>
    /// <returns>The exit code.</returns>
    /// <exception cref="TimeoutException">It has not ended in time.</exception>
    public async Task<int> WaitForExitAsync(TimeSpan limit)
    {
        await _process.WaitForExitAsync().WaitAsync(limit);
        return _process.ExitCode;
    }

    /// <summary>Kills it if it still runs.</summary>
    public async ValueTask DisposeAsync()
    {
        if (!_process.HasExited)
            _process.Kill(entireProcessTree: true);
        await _process.WaitForExitAsync();
        _process.Dispose();
    }

    private static bool IsSetting(string name) =>
        name.Contains("__", StringComparison.Ordinal)
        || name.StartsWith("ASPNETCORE_", StringComparison.Ordinal)
        || name.StartsWith("OTEL_", StringComparison.Ordinal)
        || name is "DOTNET_ENVIRONMENT";
}
