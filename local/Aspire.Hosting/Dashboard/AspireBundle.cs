using System.Diagnostics;
using System.Reflection;
using System.Runtime.InteropServices;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Where Aspire's own programs are.</summary>
/// <param name="Dcp">The Developer Control Plane, which starts and watches processes.</param>
/// <param name="Managed">The program that contains the dashboard.</param>
internal sealed record AspireBundlePaths(string Dcp, string Managed);

/// <summary>Unpacks Aspire's own programs from the Aspire CLI that npm brought.</summary>
internal static class AspireBundle
{
    private static readonly TimeSpan UnpackLimit = TimeSpan.FromMinutes(2);
    private static readonly TimeSpan LockLimit = TimeSpan.FromMinutes(3);
    private static readonly string Extension = OperatingSystem.IsWindows() ? ".exe" : "";

    /// <summary>Finds the programs; unpacks them first when that has not been done for this version.</summary>
    /// <exception cref="DistributedApplicationException">They are not there and cannot be unpacked.</exception>
    public static Task<AspireBundlePaths> EnsureAsync(ILogger logger, CancellationToken ct) =>
        EnsureAsync(LocalFolder(), logger, ct);

    /// <summary>Finds the programs that belong to a folder in which npm installs.</summary>
    internal static async Task<AspireBundlePaths> EnsureAsync(string localFolder, ILogger logger, CancellationToken ct)
    {
        var (cli, version) = FindCli(Path.Combine(localFolder, "node_modules"));
        var cache = Path.GetFullPath(Path.Combine(localFolder, "..", "artifacts", "aspire-bundle", version));
        if (FindUnpacked(cache) is { } unpacked)
        {
            return unpacked;
        }

        // Several test processes may come here at once; one unpacks, the others wait for it.
        Directory.CreateDirectory(Path.GetDirectoryName(cache)!);
        await using var held = await LockFile.AcquireAsync($"{cache}.lock", LockLimit, ct);
        return FindUnpacked(cache) ?? await UnpackAsync(cli, cache, logger, ct);
    }

    private static string LocalFolder() =>
        typeof(AspireBundle)
            .Assembly.GetCustomAttributes<AssemblyMetadataAttribute>()
            .Single(attribute => attribute.Key == "ShopLocalFolder")
            .Value!;

    private static (string Path, string Version) FindCli(string modules)
    {
        var packages = Path.Combine(modules, "@microsoft");
        var cli = Directory.Exists(packages)
            ? Directory
                .EnumerateDirectories(packages, "aspire-cli-*")
                .Select(package => Path.Combine(package, "bin", "aspire" + Extension))
                .FirstOrDefault(File.Exists)
            : null;
        if (cli is null)
        {
            throw new DistributedApplicationException(
                $"Aspire's programs for {RuntimeInformation.RuntimeIdentifier} are missing from '{modules}'; "
                    + "run 'npm ci --prefix local' in the repository."
            );
        }

        return (cli, NodePackage.ReadVersion(Path.GetDirectoryName(Path.GetDirectoryName(cli))!));
    }

    // The marker is written last, so a run that was killed half-way is repeated.
    private static AspireBundlePaths? FindUnpacked(string cache)
    {
        var paths = PathsIn(cache);
        return File.Exists(Marker(cache)) && File.Exists(paths.Dcp) && File.Exists(paths.Managed) ? paths : null;
    }

    private static AspireBundlePaths PathsIn(string cache) =>
        new(
            Path.Combine(cache, "bundle", "dcp", "dcp" + Extension),
            Path.Combine(cache, "bundle", "managed", "aspire-managed" + Extension)
        );

    private static string Marker(string cache) => Path.Combine(cache, "complete");

    private static async Task<AspireBundlePaths> UnpackAsync(
        string cli,
        string cache,
        ILogger logger,
        CancellationToken ct
    )
    {
        logger.LogInformation("Unpacking Aspire's engine and dashboard into {Folder} (once) ...", cache);
        if (Directory.Exists(cache))
        {
            Directory.Delete(cache, recursive: true);
        }

        // The CLI unpacks beside the folder that it is in, so it is copied to where the files shall be.
        var copy = Path.Combine(cache, "bin", "aspire" + Extension);
        Directory.CreateDirectory(Path.GetDirectoryName(copy)!);
        File.Copy(cli, copy);
        await SetupAsync(copy, cache, ct);
        File.Delete(copy);
        await File.WriteAllTextAsync(Marker(cache), "", ct);
        return FindUnpacked(cache)
            ?? throw new DistributedApplicationException(
                $"The Aspire CLI unpacked no engine and dashboard into '{cache}'; delete 'local/node_modules' and run 'npm ci --prefix local'."
            );
    }

    private static async Task SetupAsync(string cli, string cache, CancellationToken ct)
    {
        var start = new ProcessStartInfo(cli, ["setup", "--nologo", "--non-interactive"])
        {
            WorkingDirectory = cache,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            UseShellExecute = false,
        };
        start.Environment["ASPIRE_CLI_TELEMETRY_OPTOUT"] = "true";
        start.Environment["NO_COLOR"] = "1";
        using var process = Process.Start(start)!;
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(ct);
        limit.CancelAfter(UnpackLimit);
        try
        {
            var output = process.StandardOutput.ReadToEndAsync(limit.Token);
            var errors = process.StandardError.ReadToEndAsync(limit.Token);
            await process.WaitForExitAsync(limit.Token);
            if (process.ExitCode != 0)
            {
                throw new DistributedApplicationException(
                    $"Unpacking Aspire's engine and dashboard into '{cache}' failed with exit code {process.ExitCode}: {await output} {await errors}"
                );
            }
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            ct.ThrowIfCancellationRequested();
            throw new DistributedApplicationException(
                $"Unpacking Aspire's engine and dashboard into '{cache}' did not end within {UnpackLimit.TotalMinutes} minutes."
            );
        }
    }
}
