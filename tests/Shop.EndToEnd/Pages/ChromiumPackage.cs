using System.Formats.Tar;
using System.IO.Compression;
using System.Runtime.Versioning;
using Shop.EmbeddedPostgres;

namespace Shop.EndToEnd.Pages;

/// <summary>
/// Chromium for Linux on x64 from the npm package <c>@sparticuz/chromium</c>, with the libraries and fonts that a bare machine
/// lacks. Only its files are used: its JavaScript, which wants a newer Node.js, does not run.
/// </summary>
[SupportedOSPlatform("linux")]
internal static class ChromiumPackage
{
    private const UnixFileMode Executable =
        UnixFileMode.UserRead
        | UnixFileMode.UserWrite
        | UnixFileMode.UserExecute
        | UnixFileMode.GroupRead
        | UnixFileMode.GroupExecute
        | UnixFileMode.OtherRead
        | UnixFileMode.OtherExecute;

    private static readonly PinnedPackages s_packages = new("tests/Shop.EndToEnd/Pages", "Chromium", 70);

    /// <exception cref="SetupException">npm could not fetch the package.</exception>
    public static async Task<ChromiumProgram> InstallAsync()
    {
        await s_packages.InstallAsync();
        // Beside the packages, so that the next npm ci removes it.
        var folder = Path.Combine(s_packages.NodeModules, ".chromium");
        if (!Directory.Exists(folder))
            await UnpackAsync(folder);
        return new ChromiumProgram(
            Path.Combine(folder, "chromium"),
            new Dictionary<string, string>
            {
                ["LD_LIBRARY_PATH"] = Path.Combine(folder, "lib"),
                ["FONTCONFIG_FILE"] = Path.Combine(folder, "fonts.conf"),
            }
        );
    }

    // Into a folder of its own first: two test programs may do it at once.
    private static async Task UnpackAsync(string folder)
    {
        var fresh = Directory.CreateDirectory($"{folder}.{Guid.NewGuid():N}").FullName;
        foreach (var archive in new[] { "al2023.tar.br", "swiftshader.tar.br", "fonts.tar.br" })
        {
            await using var tar = Open(archive);
            await TarFile.ExtractToDirectoryAsync(tar, fresh, overwriteFiles: true);
        }
        var program = Path.Combine(fresh, "chromium");
        await using (var source = Open("chromium.br"))
        await using (var target = File.Create(program))
            await source.CopyToAsync(target);
        File.SetUnixFileMode(program, Executable);
        await File.WriteAllTextAsync(Path.Combine(fresh, "fonts.conf"), FontsOf(folder));
        try
        {
            Directory.Move(fresh, folder);
        }
        catch (IOException) when (Directory.Exists(folder))
        {
            Directory.Delete(fresh, recursive: true);
        }
    }

    private static BrotliStream Open(string file) =>
        new(
            File.OpenRead(Path.Combine(s_packages.NodeModules, "@sparticuz", "chromium", "bin", file)),
            CompressionMode.Decompress
        );

    private static string FontsOf(string folder) =>
        $"""
            <?xml version="1.0"?>
            <!DOCTYPE fontconfig SYSTEM "fonts.dtd">
            <fontconfig>
              <dir>{folder}/fonts</dir>
              <dir>/usr/share/fonts</dir>
              <cachedir>{folder}/fonts-cache</cachedir>
            </fontconfig>
            """;
}
