using System.Diagnostics;
using System.Runtime.InteropServices;
using System.Text;
using System.Text.RegularExpressions;
using Amqp;

namespace Shop.ServiceBus.Tests;

/// <summary>
/// The emulator as a process of its own, with a data folder that outlives it: it can be killed and started again, on the
/// same port and the same data.
/// </summary>
public sealed partial class EmulatorProcess : IAsyncDisposable
{
    private const int SigTerm = 15;
    private const int Killed = 128 + 9;
    private static readonly TimeSpan StartLimit = TimeSpan.FromSeconds(30);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(15);

    private readonly TemporaryFolder folder = new();
    private readonly StringBuilder output = new();
    private Process? process;

    private readonly string configurationFile;
    private readonly IReadOnlyList<string> options;
    private readonly IReadOnlyDictionary<string, string> environment;

    private EmulatorProcess(
        string configuration,
        IReadOnlyList<string>? options,
        IReadOnlyDictionary<string, string>? environment
    )
    {
        this.options = options ?? [];
        this.environment = environment ?? new Dictionary<string, string>();
        configurationFile = folder.Write("Config.json", configuration);
    }

    /// <summary>Chosen at the first start, kept over restarts.</summary>
    public int Port { get; private set; }

    /// <summary>Chosen at each start.</summary>
    public Uri AdminAddress { get; private set; } = new("http://127.0.0.1");

    /// <summary>The most memory that it has had at any time since its start, in bytes.</summary>
    public long PeakMemory
    {
        get
        {
            Running.Refresh();
            return Running.PeakWorkingSet64;
        }
    }

    public string DataDirectory => Path.Combine(folder.Path, "data");

    public string ConnectionString => ConnectionStringWithKey(EmulatorSasToken.Key);

    /// <summary>For an administration client, which takes the port of the endpoint for the one of HTTP.</summary>
    public string AdministrationConnectionString =>
        $"Endpoint=sb://127.0.0.1:{AdminAddress.Port};SharedAccessKeyName={EmulatorSasToken.KeyName};SharedAccessKey={EmulatorSasToken.Key};UseDevelopmentEmulator=true";

    /// <summary>Everything that the emulator has printed, over all starts.</summary>
    public string Output
    {
        get
        {
            lock (output)
            {
                return output.ToString();
            }
        }
    }

    public string ConnectionStringWithKey(string key) =>
        $"Endpoint=sb://127.0.0.1:{Port};SharedAccessKeyName={EmulatorSasToken.KeyName};SharedAccessKey={key};UseDevelopmentEmulator=true";

    /// <summary>A connection below the SDKs, which needs no tokens.</summary>
    public Task<Connection> ConnectAsync() =>
        new ConnectionFactory().CreateAsync(
            new Address("127.0.0.1", Port, EmulatorSasToken.KeyName, EmulatorSasToken.Key, "/", "amqp")
        );

    /// <summary>Starts one with a file, and perhaps with more options and environment variables.</summary>
    public static async Task<EmulatorProcess> StartAsync(
        string configuration,
        CancellationToken cancellationToken,
        IReadOnlyList<string>? options = null,
        IReadOnlyDictionary<string, string>? environment = null
    )
    {
        var emulator = new EmulatorProcess(configuration, options, environment);
        try
        {
            await emulator.StartAsync(cancellationToken);
            return emulator;
        }
        catch
        {
            await emulator.DisposeAsync();
            throw;
        }
    }

    /// <summary>Ends it like a crash: nothing is flushed, nothing is said (<c>kill -9</c>).</summary>
    public async Task KillAsync(CancellationToken cancellationToken)
    {
        Running.Kill();
        await Running.WaitForExitAsync(cancellationToken).WaitAsync(StopLimit, cancellationToken);
    }

    /// <summary>Asks it to end (SIGTERM) and returns its exit code.</summary>
    public async Task<int> TerminateAsync(CancellationToken cancellationToken)
    {
        _ = SendSignal(Running.Id, SigTerm);
        await Running.WaitForExitAsync(cancellationToken).WaitAsync(StopLimit, cancellationToken);
        return Running.ExitCode;
    }

    /// <summary>Starts again what was killed or terminated: same port, same data.</summary>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        process?.Dispose();
        var started = new TaskCompletionSource<string>(TaskCreationOptions.RunContinuationsAsynchronously);
        process = Start(
            [
                "--port",
                $"{Port}",
                "--admin-port",
                "0",
                "--config",
                configurationFile,
                "--data",
                DataDirectory,
                .. options,
            ],
            environment,
            line =>
            {
                lock (output)
                {
                    output.AppendLine(line);
                }

                if (line.Contains(" listening on ", StringComparison.Ordinal))
                {
                    started.TrySetResult(line);
                }
            }
        );
        var ended = process.WaitForExitAsync(cancellationToken);
        var first = await Task.WhenAny(started.Task, ended).WaitAsync(StartLimit, cancellationToken);
        if (first == ended)
        {
            throw new InvalidOperationException($"The emulator did not start:\n{Output}");
        }

        var match = ListeningLine().Match(await started.Task);
        Port = int.Parse(match.Groups[1].ValueSpan);
        AdminAddress = new Uri(match.Groups[2].Value);
    }

    /// <summary>Runs the emulator with any arguments until it ends; for starts that are refused.</summary>
    public static async Task<(int ExitCode, string Output)> RunAsync(
        IReadOnlyList<string> arguments,
        CancellationToken cancellationToken
    )
    {
        var printed = new StringBuilder();
        using var process = Start(
            arguments,
            new Dictionary<string, string>(),
            line =>
            {
                lock (printed)
                {
                    printed.AppendLine(line);
                }
            }
        );
        try
        {
            await process.WaitForExitAsync(cancellationToken).WaitAsync(StartLimit, cancellationToken);
        }
        finally
        {
            if (!process.HasExited)
            {
                process.Kill();
            }
        }

        lock (printed)
        {
            return (process.ExitCode, printed.ToString());
        }
    }

    public async ValueTask DisposeAsync()
    {
        var exitCode = Killed;
        if (process is { } running)
        {
            if (!running.HasExited)
            {
                running.Kill();
                await running.WaitForExitAsync().WaitAsync(StopLimit);
            }

            exitCode = running.ExitCode;
            running.Dispose();
        }

        folder.Dispose();
        // Otherwise a test would only show that nobody answers any more.
        Assert.True(exitCode is Killed or 0, $"The emulator ended by itself, with exit code {exitCode}:\n{Output}");
    }

    private Process Running => process ?? throw new InvalidOperationException("The emulator has not been started.");

    private static Process Start(
        IReadOnlyList<string> arguments,
        IReadOnlyDictionary<string, string> environment,
        Action<string> onLine
    )
    {
        var start = new ProcessStartInfo
        {
            // The test host may be an executable of its own; the emulator runs on the dotnet that runs the tests.
            FileName = Environment.GetEnvironmentVariable("DOTNET_HOST_PATH") ?? "dotnet",
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.ArgumentList.Add(Path.Combine(AppContext.BaseDirectory, "Shop.ServiceBusEmulator.dll"));
        foreach (var argument in arguments)
        {
            start.ArgumentList.Add(argument);
        }

        start.Environment["DOTNET_gcServer"] = "0";
        // Only a test that wants telemetry sends any.
        start.Environment.Remove("OTEL_EXPORTER_OTLP_ENDPOINT");
        foreach (var (name, value) in environment)
        {
            start.Environment[name] = value;
        }

        var process = new Process { StartInfo = start };
        DataReceivedEventHandler forward = (_, line) =>
        {
            if (line.Data is { } text)
            {
                onLine(text);
            }
        };
        process.OutputDataReceived += forward;
        process.ErrorDataReceived += forward;
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        return process;
    }

    [LibraryImport("libc", EntryPoint = "kill", SetLastError = true)]
    private static partial int SendSignal(int process, int signal);

    [GeneratedRegex(@"listening on sb://[\d.]+:(\d+), admin on (\S+)")]
    private static partial Regex ListeningLine();
}
