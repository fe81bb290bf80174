using System.Diagnostics;
using System.Reflection;

namespace Shop.EmbeddedPostgres;

/// <summary>What npm brings into <c>local/node_modules</c>: PostgreSQL, and what else <c>local/package.json</c> pins.</summary>
public static class EmbeddedPrograms
{
    private static readonly PinnedPackages s_pinned = new("local", "PostgreSQL and the mail server", 100);

    /// <summary>The repository.</summary>
    public static string Root { get; } = Metadata("ShopRoot");

    /// <summary>Where npm puts its packages.</summary>
    public static string NodeModules => s_pinned.NodeModules;

    /// <summary>The folder of PostgreSQL's programs for this machine.</summary>
    internal static string PostgresBin()
    {
        var packages = Path.Combine(NodeModules, "@embedded-postgres");
        var bin = Directory.Exists(packages)
            ? Directory
                .EnumerateDirectories(packages)
                .Select(package => Path.Combine(package, "native", "bin"))
                .FirstOrDefault(Directory.Exists)
            : null;
        return bin
            ?? throw new SetupException(
                $"There is no embedded PostgreSQL for this platform in {packages}: delete {NodeModules} and start again, or use containers."
            );
    }

    /// <summary>Installs what <c>local/package-lock.json</c> pins, once, with npm's progress on the console.</summary>
    /// <exception cref="SetupException">Node.js is missing, or npm could not fetch them.</exception>
    public static Task InstallAsync() => s_pinned.InstallAsync();

    /// <summary>The first program of this name on the <c>PATH</c>, or null.</summary>
    public static string? OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Select(folder => Path.Combine(folder, program))
            .FirstOrDefault(File.Exists);

    /// <summary>Runs a program to its end and hands over each line it prints.</summary>
    internal static async Task<int> RunAsync(
        string program,
        IEnumerable<string> arguments,
        string workingDirectory,
        Action<string> onLine,
        TimeSpan limit
    )
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = workingDirectory,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = new Process { StartInfo = start };
        process.OutputDataReceived += (_, line) => onLine(line.Data ?? "");
        process.ErrorDataReceived += (_, line) => onLine(line.Data ?? "");
        process.Start();
        process.BeginOutputReadLine();
        process.BeginErrorReadLine();
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
            return process.ExitCode;
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new SetupException(
                $"'{Path.GetFileName(program)} {string.Join(' ', arguments)}' did not end within {limit.TotalMinutes:0.#} minutes and was stopped."
            );
        }
    }

    private static string Metadata(string key) =>
        typeof(EmbeddedPrograms)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .First(attribute => attribute.Key == key)
            .Value!;
}
