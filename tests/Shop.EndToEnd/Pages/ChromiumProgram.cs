using System.Runtime.InteropServices;
using Shop.EmbeddedPostgres;

namespace Shop.EndToEnd.Pages;

/// <summary>A Chromium that can be started.</summary>
/// <param name="Path">The program.</param>
/// <param name="Environment">What its process needs besides the test's own environment.</param>
internal sealed record ChromiumProgram(string Path, IReadOnlyDictionary<string, string> Environment)
{
    private static readonly string[] s_names = OperatingSystem.IsWindows()
        ? ["chrome.exe", "msedge.exe"]
        : ["chromium", "chromium-browser", "google-chrome", "google-chrome-stable", "msedge", "microsoft-edge"];

    private static readonly string[] s_places =
    [
        "/Applications/Google Chrome.app/Contents/MacOS/Google Chrome",
        "/Applications/Chromium.app/Contents/MacOS/Chromium",
        "/Applications/Microsoft Edge.app/Contents/MacOS/Microsoft Edge",
        .. ProgramFiles("Google/Chrome/Application/chrome.exe"),
        .. ProgramFiles("Microsoft/Edge/Application/msedge.exe"),
    ];

    /// <summary>The one that <c>SHOP_CHROMIUM</c> names, else the machine's, else the one that npm brings.</summary>
    /// <exception cref="SetupException">There is none; the message says what to do.</exception>
    public static async Task<ChromiumProgram> FindAsync()
    {
        var wish = System.Environment.GetEnvironmentVariable("SHOP_CHROMIUM");
        if (string.IsNullOrEmpty(wish))
            return Installed() ?? await FromPackageAsync();
        if (wish == "npm")
            return await FromPackageAsync();
        return File.Exists(wish)
            ? new ChromiumProgram(wish, new Dictionary<string, string>())
            : throw new SetupException(
                $"SHOP_CHROMIUM is {wish}, where no file is: set it to Chromium's program, to npm, or not at all."
            );
    }

    private static ChromiumProgram? Installed() =>
        s_names.Select(EmbeddedPrograms.OnPath).Concat(s_places.Where(File.Exists)).OfType<string>().FirstOrDefault()
            is { } path
            ? new ChromiumProgram(path, new Dictionary<string, string>())
            : null;

    private static async Task<ChromiumProgram> FromPackageAsync() =>
        OperatingSystem.IsLinux() && RuntimeInformation.OSArchitecture == Architecture.X64
            ? await ChromiumPackage.InstallAsync()
            : throw new SetupException(
                "No Chromium, Chrome or Edge was found on this machine: install one, or set SHOP_CHROMIUM to its program."
            );

    private static IEnumerable<string> ProgramFiles(string program) =>
        new[]
        {
            System.Environment.SpecialFolder.ProgramFiles,
            System.Environment.SpecialFolder.ProgramFilesX86,
            System.Environment.SpecialFolder.LocalApplicationData,
        }
            .Select(System.Environment.GetFolderPath)
            .Where(folder => folder.Length > 0)
            .Select(folder => System.IO.Path.Combine(folder, program));
}
