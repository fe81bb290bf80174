using System.Diagnostics;
using System.Runtime.CompilerServices;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Shop.ServiceBus.Tests.Conformance;

/// <summary>The emulator as Microsoft's own JavaScript SDK sees it: one test per check in JavaScript/suite.mjs.</summary>
public sealed partial class JavaScriptTests(JavaScriptRun run) : IClassFixture<JavaScriptRun>
{
    public static TheoryData<string> Checks() =>
        [
            .. CheckName()
                .Matches(File.ReadAllText(Path.Combine(JavaScriptRun.Folder, "suite.mjs")))
                .Select(match => match.Groups[1].Value),
        ];

    [Theory]
    [MemberData(nameof(Checks))]
    public void The_official_SDK_finds_that(string check)
    {
        Assert.True(
            run.Results.TryGetValue(check, out var result),
            $"The suite ended without a result for this check:\n{run.Output}"
        );
        Assert.True(result!.Ok, result.Error);
    }

    [GeneratedRegex("""^check\("([^"]+)",""", RegexOptions.Multiline)]
    private static partial Regex CheckName();
}

/// <summary>How one check ended.</summary>
public sealed record CheckResult(string Name, bool Ok, string? Error);

/// <summary>Runs the suite once, with all its checks at the same time, and keeps what it found.</summary>
public sealed class JavaScriptRun : IAsyncLifetime
{
    private static readonly TimeSpan InstallLimit = TimeSpan.FromMinutes(3);
    private static readonly TimeSpan RunLimit = TimeSpan.FromMinutes(1);

    private readonly EmulatorFixture fixture = new();

    public static string Folder { get; } = Path.Combine(SourceFolder(), "JavaScript");

    public Dictionary<string, CheckResult> Results { get; } = [];

    public string Output { get; private set; } = "";

    public async ValueTask InitializeAsync()
    {
        await InstallAsync();
        await fixture.InitializeAsync();
        Output = await RunAsync(
            "node",
            ["suite.mjs", fixture.ConnectionString, fixture.Emulator.ConnectionStringWithKey("WRONG_KEY_VALUE")],
            RunLimit
        );
        foreach (var line in Output.Split('\n').Where(line => line.StartsWith('{')))
        {
            var result = JsonSerializer.Deserialize<CheckResult>(line, JsonSerializerOptions.Web)!;
            Results[result.Name] = result;
        }
    }

    public ValueTask DisposeAsync() => fixture.DisposeAsync();

    private static async Task InstallAsync()
    {
        var installed = Path.Combine(Folder, "node_modules", ".package-lock.json");
        var wanted = Path.Combine(Folder, "package-lock.json");
        if (File.GetLastWriteTimeUtc(installed) < File.GetLastWriteTimeUtc(wanted))
        {
            await RunAsync("npm", ["ci", "--no-progress"], InstallLimit);
            File.SetLastWriteTimeUtc(installed, DateTime.UtcNow);
        }
    }

    private static async Task<string> RunAsync(string program, string[] arguments, TimeSpan limit)
    {
        var start = new ProcessStartInfo(program, arguments)
        {
            WorkingDirectory = Folder,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Start(start);
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        using var timeout = new CancellationTokenSource(limit);
        try
        {
            await process.WaitForExitAsync(timeout.Token);
        }
        catch (OperationCanceledException)
        {
            process.Kill(entireProcessTree: true);
            throw new TimeoutException(
                $"'{program} {arguments[0]}' did not end within {limit.TotalSeconds} seconds:\n{await output}\n{await errors}"
            );
        }

        var printed = $"{await output}\n{await errors}";
        return process.ExitCode == 0
            ? printed
            : throw new InvalidOperationException(
                $"'{program} {arguments[0]}' failed with exit code {process.ExitCode}:\n{printed}"
            );
    }

    private static Process Start(ProcessStartInfo start)
    {
        try
        {
            return Process.Start(start)!;
        }
        catch (System.ComponentModel.Win32Exception exception)
        {
            throw new InvalidOperationException(
                $"The conformance suite needs Node.js 20 or newer, and '{start.FileName}' is not on the PATH.",
                exception
            );
        }
    }

    private static string SourceFolder([CallerFilePath] string path = "") => Path.GetDirectoryName(path)!;
}
