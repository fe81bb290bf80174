using System.Diagnostics;
using System.Globalization;
using Npgsql;

namespace Shop.EmbeddedPostgres;

/// <summary>
/// PostgreSQL as a child process of this one. It ends with us: cleanly when it is disposed of, and by itself when we are
/// killed.
/// </summary>
public sealed class PostgresProcess : IAsyncDisposable
{
    private static readonly TimeSpan StartLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(20);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(50);

    // The shell becomes the server. Before that it leaves somebody behind, not as the server's child, who waits for the end of
    // our pipe, which comes with our end, whatever that was, and then asks the server for a fast shutdown.
    private const string EndsWithItsParent =
        """exec 3<&0; ( ( read -r _ <&3; kill -INT "$$" ) >/dev/null 2>&1 & ); exec "$@" 3<&- </dev/null""";

    private readonly Process _process;
    private readonly List<string> _said = [];

    private PostgresProcess(Process process, string address, string superPassword)
    {
        _process = process;
        Address = address;
        ConnectionString = $"{address};Username={PostgresFiles.SuperUser};Password={superPassword}";
    }

    /// <summary>Host and port, as they begin a connection string.</summary>
    public string Address { get; }

    /// <summary>The super user's connection string, without a database.</summary>
    public string ConnectionString { get; }

    /// <summary>Starts the server on a free port and waits until it answers.</summary>
    /// <exception cref="SetupException">It ended, or did not answer in time; the message has its last words.</exception>
    public static async Task<PostgresProcess> StartAsync(DataDirectory directory, CancellationToken cancellationToken)
    {
        var files = new PostgresFiles(directory);
        await files.PrepareAsync(cancellationToken);
        var port = FreePort.Next().ToString(CultureInfo.InvariantCulture);
        var (program, arguments) = files.Command;
        var server = new PostgresProcess(
            new Process { StartInfo = StartInfo([program, .. arguments, port], files.Folder) },
            $"Host=127.0.0.1;Port={port}",
            files.SuperPassword
        );
        server.Start();
        try
        {
            await server.WaitUntilItAnswersAsync(cancellationToken);
            return server;
        }
        catch
        {
            await server.DisposeAsync();
            throw;
        }
    }

    /// <summary>Has the server finish what it is at, write everything down and end.</summary>
    public async ValueTask DisposeAsync()
    {
        using var limit = new CancellationTokenSource(StopLimit);
        try
        {
            _process.StandardInput.Close();
            if (OperatingSystem.IsWindows())
                _process.Kill(entireProcessTree: true); // it has no signals; the next start recovers from the log
            await _process.WaitForExitAsync(limit.Token);
        }
        catch (OperationCanceledException)
        {
            _process.Kill(entireProcessTree: true);
        }
        _process.Dispose();
    }

    private static ProcessStartInfo StartInfo(string[] command, string folder)
    {
        string[] line = OperatingSystem.IsWindows()
            ? command
            : [.. OwnSession, "sh", "-c", EndsWithItsParent, "sh", .. command];
        return new ProcessStartInfo(line[0], line[1..])
        {
            WorkingDirectory = folder,
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
    }

    // In a session of its own Ctrl-C at the console reaches us alone, and we end the server when we no longer need it.
    private static string[] OwnSession => File.Exists("/usr/bin/setsid") ? ["/usr/bin/setsid"] : [];

    private void Start()
    {
        _process.OutputDataReceived += (_, line) => Listen(line.Data);
        _process.ErrorDataReceived += (_, line) => Listen(line.Data);
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
    }

    private void Listen(string? line)
    {
        lock (_said)
        {
            if (!string.IsNullOrWhiteSpace(line))
                _said.Add(line.Trim());
            if (_said.Count > 3)
                _said.RemoveAt(0);
        }
    }

    private async Task WaitUntilItAnswersAsync(CancellationToken cancellationToken)
    {
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                await using var connection = new NpgsqlConnection(
                    $"{ConnectionString};Database=postgres;Pooling=false;Timeout=2"
                );
                await connection.OpenAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException error)
            {
                if (_process.HasExited)
                    throw new SetupException($"PostgreSQL did not start: {LastWords()}");
                if (waited.Elapsed > StartLimit)
                {
                    throw new SetupException(
                        $"PostgreSQL did not answer within {StartLimit.TotalSeconds:0} seconds: {error.Message} {LastWords()}"
                    );
                }
            }
            await Task.Delay(Pause, cancellationToken);
        }
    }

    private string LastWords()
    {
        lock (_said)
            return string.Join(" ", _said);
    }
}
