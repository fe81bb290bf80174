using Aspire.Hosting;
using Aspire.Hosting.Dashboard;
using Microsoft.Extensions.Logging.Abstractions;

namespace Shop.Local.Aspire.Tests;

/// <summary>With a stand-in for the CLI that unpacks two empty programs and writes down that it ran.</summary>
public sealed class DashboardBundleTests : IDisposable
{
    private const string Cli = """
        #!/bin/sh
        test "$1" = setup || exit 2
        root="$(dirname "$(dirname "$0")")"
        echo run >> "$root/../runs"
        mkdir -p "$root/bundle/dcp" "$root/bundle/managed"
        touch "$root/bundle/dcp/dcp" "$root/bundle/managed/aspire-managed"
        """;

    // A space, because people have them in their paths.
    private readonly string _root = Directory.CreateTempSubdirectory("aspire bundle").FullName;

    private string Local => Path.Combine(_root, "local");

    private string Package => Path.Combine(Local, "node_modules", "@microsoft", "aspire-cli-linux-x64");

    private string Cache => Path.Combine(_root, "artifacts", "aspire-bundle");

    [Fact]
    public async Task Without_the_package_one_sentence_says_what_to_run()
    {
        var error = await Assert.ThrowsAsync<DistributedApplicationException>(EnsureAsync);

        Assert.Contains("npm ci --prefix local", error.Message, StringComparison.Ordinal);
        Assert.DoesNotContain(Environment.NewLine, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_asks_at_once_waits_for_the_one_who_unpacks()
    {
        await InstallAsync(Cli);

        var paths = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => EnsureAsync()));

        var bundle = Assert.Single(paths.Distinct());
        Assert.True(File.Exists(bundle.Dcp), bundle.Dcp);
        Assert.True(File.Exists(bundle.Managed), bundle.Managed);
        Assert.Equal(1, Runs);
    }

    [Fact]
    public async Task What_was_unpacked_by_half_is_unpacked_again()
    {
        await InstallAsync(Cli);
        await EnsureAsync();
        File.Delete(Path.Combine(Cache, "1.2.3", "complete"));

        await EnsureAsync();
        await EnsureAsync();

        Assert.Equal(2, Runs);
    }

    [Fact]
    public async Task A_CLI_that_fails_is_quoted()
    {
        await InstallAsync("#!/bin/sh\necho disk full >&2\nexit 3\n");

        var error = await Assert.ThrowsAsync<DistributedApplicationException>(EnsureAsync);

        Assert.Contains("disk full", error.Message, StringComparison.Ordinal);
        Assert.Contains("exit code 3", error.Message, StringComparison.Ordinal);
    }

    public void Dispose() => Directory.Delete(_root, recursive: true);

    private int Runs => File.ReadAllLines(Path.Combine(Cache, "runs")).Length;

    private Task<AspireBundlePaths> EnsureAsync() =>
        AspireBundle.EnsureAsync(Local, NullLogger.Instance, TestContext.Current.CancellationToken);

    private async Task InstallAsync(string cli)
    {
        Assert.SkipWhen(OperatingSystem.IsWindows(), "The stand-in for the CLI is a shell script.");
        var file = Path.Combine(Package, "bin", "aspire");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        var ct = TestContext.Current.CancellationToken;
        await File.WriteAllTextAsync(Path.Combine(Package, "package.json"), """{ "version": "1.2.3" }""", ct);
        await File.WriteAllTextAsync(file, cli, ct);
        if (!OperatingSystem.IsWindows())
        {
            File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserExecute);
        }
    }
}
