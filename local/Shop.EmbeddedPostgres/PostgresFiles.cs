using System.Globalization;

namespace Shop.EmbeddedPostgres;

/// <summary>The data of a PostgreSQL server and how it is started on them: made with initdb once, then run as they are.</summary>
public sealed class PostgresFiles
{
    /// <summary>The super user's login.</summary>
    public const string SuperUser = "postgres";

    // The statements are short and their plans prepared, so compiling them would never pay; fewer checkpoints write fewer whole
    // pages into the log; and the tables that are queues (outboxes) are cleaned up before they have grown.
    private static readonly string[] Settings =
    [
        "-c",
        "max_connections=200",
        "-c",
        "jit=off",
        "-c",
        "max_wal_size=2GB",
        "-c",
        "autovacuum_naptime=15s",
    ];

    private static readonly TimeSpan InitLimit = TimeSpan.FromMinutes(1);

    private readonly string _bin;
    private readonly string _data;
    private readonly UnprivilegedRunner _runner;

    /// <summary>Finds the programs; <see cref="EmbeddedPrograms.InstallAsync"/> has brought them.</summary>
    /// <param name="directory">Where the data lie, in a folder of their own.</param>
    public PostgresFiles(DataDirectory directory)
    {
        ArgumentNullException.ThrowIfNull(directory);
        Folder = directory.For("postgres");
        SuperPassword = directory.PasswordFor(SuperUser);
        _bin = EmbeddedPrograms.PostgresBin();
        _data = Path.Combine(Folder, "18");
        _runner = UnprivilegedRunner.Find(Folder, _bin);
    }

    /// <summary>The server's folder, above its data.</summary>
    public string Folder { get; }

    /// <summary>The super user's password.</summary>
    public string SuperPassword { get; }

    /// <summary>The command line that runs the server on 127.0.0.1; the port is to be added to the arguments.</summary>
    public (string Program, IReadOnlyList<string> Arguments) Command
    {
        get
        {
            var (program, prefix) = _runner.Wrap(Path.Combine(_bin, "postgres"));
            return (program, [.. prefix, "-D", _data, "-h", "127.0.0.1", "-k", "", .. Settings, "-p"]);
        }
    }

    /// <summary>Makes the data where they are missing. Call it before each start.</summary>
    /// <exception cref="SetupException">A former server still runs on the data, or they cannot be made.</exception>
    public async Task PrepareAsync(CancellationToken cancellationToken)
    {
        await WaitForFormerServerAsync(cancellationToken);
        if (!File.Exists(Path.Combine(_data, "PG_VERSION")))
            await InitAsync();
        _runner.Own(_data);
    }

    private async Task InitAsync()
    {
        Directory.CreateDirectory(_data);
        var passwordFile = _data + ".password";
        var lines = new List<string>();
        try
        {
            await File.WriteAllTextAsync(passwordFile, SuperPassword);
            _runner.Own(passwordFile);
            _runner.Own(_data);
            var (command, prefix) = _runner.Wrap(Path.Combine(_bin, "initdb"));
            string[] options =
            [
                "-D",
                _data,
                "-U",
                SuperUser,
                "-A",
                "scram-sha-256",
                $"--pwfile={passwordFile}",
                "-E",
                "UTF8",
                "--locale=C",
            ];
            var exitCode = await EmbeddedPrograms.RunAsync(
                command,
                [.. prefix, .. options],
                Folder,
                Collect,
                InitLimit
            );
            if (exitCode != 0)
            {
                Directory.Delete(_data, recursive: true);
                throw new SetupException(
                    $"PostgreSQL could not make its data folder {_data} (initdb ended with {exitCode}): {string.Join(' ', lines.TakeLast(3))}"
                );
            }
        }
        finally
        {
            File.Delete(passwordFile);
        }

        void Collect(string line)
        {
            lock (lines)
            {
                if (line.Length > 0)
                    lines.Add(line);
            }
        }
    }

    // After a kill -9 its PostgreSQL may need a few seconds to go.
    private async Task WaitForFormerServerAsync(CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(_data, "postmaster.pid");
        for (var waited = TimeSpan.Zero; IsRunning(pidFile); waited += TimeSpan.FromMilliseconds(200))
        {
            if (waited > TimeSpan.FromSeconds(20))
            {
                throw new SetupException(
                    $"A former PostgreSQL still runs on {_data} after 20 seconds: end the process named in {pidFile} and start again."
                );
            }
            await Task.Delay(TimeSpan.FromMilliseconds(200), cancellationToken);
        }
    }

    private static bool IsRunning(string pidFile)
    {
        try
        {
            var pid = int.Parse(File.ReadLines(pidFile).First(), CultureInfo.InvariantCulture);
            using var process = System.Diagnostics.Process.GetProcessById(pid);
            return process.ProcessName.StartsWith("postgres", StringComparison.Ordinal);
        }
        catch (Exception error)
            when (error is IOException or ArgumentException or FormatException or InvalidOperationException)
        {
            return false;
        }
    }
}
