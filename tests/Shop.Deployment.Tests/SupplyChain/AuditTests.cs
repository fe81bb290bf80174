using System.Diagnostics;

namespace Shop.Deployment.Tests.SupplyChain;

/// <summary><c>eng/audit</c> with a <c>dotnet</c> that reports what the test says.</summary>
public sealed class AuditTests : IDisposable
{
    private const string Vulnerable = """echo '{ "severity": "High" }'; echo '> Thing 1.0.0 High' """;
    private const string Fine = "echo '{}'";

    private readonly string _folder = Directory.CreateTempSubdirectory("shop audit ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Theory]
    [InlineData(Vulnerable, Fine, 0, "No package has a known vulnerability.")]
    [InlineData(Vulnerable, Vulnerable, 1, "> Thing 1.0.0 High")]
    [InlineData(Vulnerable, "echo 'no network'; exit 1", 1, "could not be listed: no network")]
    [InlineData(Fine, Fine, 0, "nothing was checked")]
    [InlineData(Fine, Fine, 1, "nothing was checked", "--required")]
    [InlineData("exit 1", Fine, 0, "nothing was checked")]
    public async Task It_finds_a_vulnerable_package_and_says_when_the_sources_report_none(
        string ofCanary,
        string ofSolution,
        int exitCode,
        string said,
        params string[] arguments
    )
    {
        if (OperatingSystem.IsWindows())
        {
            Assert.Skip("eng/audit is a script for bash.");
            return;
        }

        var dotnet = Path.Combine(_folder, "dotnet");
        await File.WriteAllTextAsync(
            dotnet,
            $"#!/bin/bash\ncase \"$*\" in\n  *canary*) {ofCanary} ;;\n  *) {ofSolution} ;;\nesac\n",
            TestContext.Current.CancellationToken
        );
        File.SetUnixFileMode(dotnet, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        var start = new ProcessStartInfo("bash", ["eng/audit", .. arguments]) { WorkingDirectory = Repository.Root };
        start.Environment["PATH"] = $"{_folder}:{Environment.GetEnvironmentVariable("PATH")}";

        var run = await ChildProcess.RunAsync(start);

        Assert.Contains(said, run.Output + run.Errors, StringComparison.Ordinal);
        Assert.Equal(exitCode, run.ExitCode);
    }
}
