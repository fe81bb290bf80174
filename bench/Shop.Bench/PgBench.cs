using System.ComponentModel;
using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using Npgsql;

namespace Shop.Bench;

/// <summary>PostgreSQL's own benchmark on the same server: how many small transactions the machine commits at all.</summary>
internal static partial class PgBench
{
    private const int Seconds = 8;

    /// <returns>Commits per second; null, after a sentence, when pgbench is not installed.</returns>
    public static async Task<double?> RunAsync(string connectionString, CancellationToken cancellationToken)
    {
        var server = new NpgsqlConnectionStringBuilder(connectionString);
        var database = $"pgbench_{Guid.NewGuid():N}";
        try
        {
            await using var source = NpgsqlDataSource.Create(connectionString);
            await ExecuteAsync(source, $"CREATE DATABASE {database}", cancellationToken);
            await StartAsync(server, ["-i", "-q", "-s", "10", database], cancellationToken);
            var output = await StartAsync(
                server,
                ["-N", "-c", "16", "-j", "2", "-T", $"{Seconds}", database],
                cancellationToken
            );
            await ExecuteAsync(source, $"DROP DATABASE {database}", cancellationToken);
            return double.Parse(Tps().Match(output).Groups["tps"].Value, CultureInfo.InvariantCulture);
        }
        catch (Win32Exception)
        {
            Console.WriteLine("pgbench is not installed (Debian: postgresql-contrib); its figure is left out.");
            return null;
        }
    }

    private static async Task ExecuteAsync(NpgsqlDataSource source, string sql, CancellationToken cancellationToken)
    {
        await using var command = source.CreateCommand(sql);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    private static async Task<string> StartAsync(
        NpgsqlConnectionStringBuilder server,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        var start = new ProcessStartInfo("pgbench", arguments)
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            Environment =
            {
                ["PGHOST"] = server.Host,
                ["PGPORT"] = server.Port.ToString(CultureInfo.InvariantCulture),
                ["PGUSER"] = server.Username,
                ["PGPASSWORD"] = server.Password,
            },
        };
        using var process = Process.Start(start)!;
        var error = process.StandardError.ReadToEndAsync(cancellationToken);
        var output = await process.StandardOutput.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        return process.ExitCode == 0 ? output : throw new TimeoutException($"pgbench failed: {await error}");
    }

    [GeneratedRegex(@"tps = (?<tps>[\d.]+)")]
    private static partial Regex Tps();
}
