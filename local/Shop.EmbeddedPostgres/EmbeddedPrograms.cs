using System.Diagnostics;
using System.Reflection;
using System.Security.Cryptography;

namespace Shop.EmbeddedPostgres;

/// <summary>What npm brings into <c>local/node_modules</c>: PostgreSQL, and what else <c>local/package.json</c> pins.</summary>
public static class EmbeddedPrograms
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(10);

    /// <summary>The repository.</summary>
    public static string Root { get; } = Metadata("ShopRoot");

    private static string Local { get; } = Path.Combine(Root, "local");

    /// <summary>Where npm puts its packages.</summary>
    public static string NodeModules { get; } = Path.Combine(Local, "node_modules");

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

    /// <summary>
    /// Installs what <c>local/package-lock.json</c> pins, once, with npm's progress on the console. Several shops may
    /// start at once: one installs, the others wait for it.
    /// </summary>
    /// <exception cref="SetupException">Node.js is missing, or npm could not fetch them.</exception>
    public static async Task InstallAsync()
    {
        RequireNode();
        var lockFile = Path.Combine(Local, "package-lock.json");
        var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(lockFile)));
        var stamp = Path.Combine(NodeModules, ".shop-installed");
        if (IsInstalled())
            return;

        using var turn = await TakeTurnAsync();
        if (IsInstalled())
            return;

        Console.WriteLine("Fetching PostgreSQL and the mail server with npm (about 100 MB, once) ...");
        var arguments = new[] { "ci", "--no-audit", "--no-fund", "--loglevel=http" };
        var exitCode = await RunAsync(Npm, arguments, Local, Progress(), InstallLimit);
        if (exitCode != 0)
        {
            throw new SetupException(
                $"npm could not fetch what local/package.json pins (exit code {exitCode}): read its lines above, check the network and 'npm config get registry', then start again."
            );
        }
        await File.WriteAllTextAsync(stamp, wanted);

        bool IsInstalled() => File.Exists(stamp) && File.ReadAllText(stamp) == wanted;
    }

    private static string Npm => OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    private static void RequireNode()
    {
        foreach (var program in new[] { OperatingSystem.IsWindows() ? "node.exe" : "node", Npm })
        {
            if (!OnPath(program))
            {
                throw new SetupException(
                    $"{program} was not found on the PATH: install Node.js 20 or later from https://nodejs.org and start again."
                );
            }
        }
    }

    private static bool OnPath(string program) =>
        (Environment.GetEnvironmentVariable("PATH") ?? "")
            .Split(Path.PathSeparator, StringSplitOptions.RemoveEmptyEntries)
            .Any(folder => File.Exists(Path.Combine(folder, program)));

    private static async Task<FileStream> TakeTurnAsync()
    {
        var artifacts = Directory.CreateDirectory(Path.Combine(Root, "artifacts"));
        var path = Path.Combine(artifacts.FullName, "npm.lock");
        var waited = Stopwatch.StartNew();
        while (true)
        {
            try
            {
                return new FileStream(path, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
            }
            catch (IOException) when (waited.Elapsed < InstallLimit)
            {
                await Task.Delay(TimeSpan.FromMilliseconds(200));
            }
            catch (IOException)
            {
                throw new SetupException(
                    $"Another shop has been fetching programs for {InstallLimit.TotalMinutes:0} minutes: stop it, or delete {path}, and start again."
                );
            }
        }
    }

    // npm says each request at this log level; a person wants to know that it moves, and what went wrong.
    private static Action<string> Progress()
    {
        var fetched = 0;
        return line =>
        {
            if (line.StartsWith("npm error", StringComparison.Ordinal))
                Console.WriteLine($"  {line}");
            else if (line.Contains(".tgz", StringComparison.Ordinal) && Interlocked.Increment(ref fetched) % 25 == 0)
                Console.WriteLine($"  {fetched} packages fetched");
        };
    }

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
