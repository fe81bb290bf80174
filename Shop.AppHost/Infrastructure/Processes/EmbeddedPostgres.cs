using System.Globalization;
using Npgsql;

namespace Shop.AppHost.Infrastructure.Processes;

/// <summary>PostgreSQL as a process: made with initdb on the first start, then run on the same data.</summary>
internal static class EmbeddedPostgres
{
    private const string SuperUser = "postgres";
    private static readonly TimeSpan InitLimit = TimeSpan.FromMinutes(1);

    public static IResourceBuilder<ServerProcess> AddEmbeddedPostgres(
        this IDistributedApplicationBuilder builder,
        DataDirectory data
    )
    {
        var bin = LocalTools.PostgresBin();
        var folder = Path.Combine(data.For("postgres"), "18");
        var password = new ParameterResource("postgres-password", _ => data.PasswordFor(SuperUser), secret: true);
        var runner = UnprivilegedRunner.Find(data.For("postgres"), bin);
        var (command, prefix) = runner.Wrap(Path.Combine(bin, "postgres"));

        var server = new ServerProcess(
            "postgres",
            command,
            data.For("postgres"),
            endpoint =>
                ReferenceExpression.Create(
                    $"Host=127.0.0.1;Port={endpoint.Property(EndpointProperty.Port)};Username={SuperUser};Password={password}"
                )
        );
        return builder
            .AddServerProcess(server, AnswersAsync)
            .WithArgs(context =>
            {
                foreach (var argument in prefix)
                    context.Args.Add(argument);
                string[] options = ["-D", folder, "-h", "127.0.0.1", "-k", "", "-c", "max_connections=200", "-p"];
                foreach (var option in options)
                    context.Args.Add(option);
                context.Args.Add(server.Endpoint.Property(EndpointProperty.TargetPort));
            })
            .OnBeforeResourceStarted(
                async (_, _, cancellationToken) =>
                {
                    await WaitForFormerServerAsync(folder, cancellationToken);
                    if (!File.Exists(Path.Combine(folder, "PG_VERSION")))
                        await InitAsync(runner, bin, folder, data.PasswordFor(SuperUser));
                    runner.Own(folder);
                }
            );
    }

    private static async Task InitAsync(UnprivilegedRunner runner, string bin, string folder, string password)
    {
        Directory.CreateDirectory(folder);
        var passwordFile = folder + ".password";
        var lines = new List<string>();
        try
        {
            await File.WriteAllTextAsync(passwordFile, password);
            runner.Own(passwordFile);
            runner.Own(folder);
            var (command, prefix) = runner.Wrap(Path.Combine(bin, "initdb"));
            string[] options =
            [
                "-D",
                folder,
                "-U",
                SuperUser,
                "-A",
                "scram-sha-256",
                $"--pwfile={passwordFile}",
                "-E",
                "UTF8",
                "--locale=C",
            ];
            var exitCode = await LocalTools.RunAsync(
                command,
                [.. prefix, .. options],
                Path.GetDirectoryName(folder)!,
                Collect,
                InitLimit
            );
            if (exitCode != 0)
            {
                Directory.Delete(folder, recursive: true);
                throw new DistributedApplicationException(
                    $"PostgreSQL could not make its data folder {folder} (initdb ended with {exitCode}): {string.Join(' ', lines.TakeLast(3))}"
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

    // After a kill -9 of the AppHost its PostgreSQL may need a few seconds to go.
    private static async Task WaitForFormerServerAsync(string folder, CancellationToken cancellationToken)
    {
        var pidFile = Path.Combine(folder, "postmaster.pid");
        for (var waited = TimeSpan.Zero; IsRunning(pidFile); waited += TimeSpan.FromMilliseconds(200))
        {
            if (waited > TimeSpan.FromSeconds(20))
            {
                throw new DistributedApplicationException(
                    $"A former PostgreSQL still runs on {folder} after 20 seconds: end the process named in {pidFile} and start again."
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

    private static async Task AnswersAsync(string connectionString, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(
            $"{connectionString};Database=postgres;Pooling=false;Timeout=2"
        );
        await connection.OpenAsync(cancellationToken);
    }
}
