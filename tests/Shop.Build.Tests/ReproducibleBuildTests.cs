using System.Diagnostics;
using System.Text;

namespace Shop.Build.Tests;

public sealed class ReproducibleBuildTests : IDisposable
{
    private readonly ScratchRepository _one = new();
    private readonly ScratchRepository _other = new();

    public void Dispose()
    {
        _one.Dispose();
        _other.Dispose();
    }

    [Fact]
    public async Task In_CI_two_folders_build_the_same_bytes_and_the_symbols_name_the_commit()
    {
        var (assembly, symbols, commit) = await BuildAsync(_one);
        var (otherAssembly, otherSymbols, otherCommit) = await BuildAsync(_other);

        Assert.Equal(commit, otherCommit);
        Assert.Equal(assembly, otherAssembly);
        Assert.Equal(symbols, otherSymbols);
        Assert.Contains(
            $"https://raw.githubusercontent.com/example/shop/{commit}/*",
            Encoding.UTF8.GetString(symbols),
            StringComparison.Ordinal
        );
    }

    private static async Task<(byte[] Assembly, byte[] Symbols, string Commit)> BuildAsync(ScratchRepository repository)
    {
        repository.Write("App/App.csproj", """<Project Sdk="Microsoft.NET.Sdk" />""");
        await GitAsync(repository, "init", "--quiet");
        await GitAsync(repository, "remote", "add", "origin", "https://github.com/example/shop.git");
        await GitAsync(repository, "add", "App");
        await GitAsync(repository, "commit", "--quiet", "--message", "App");

        var (exitCode, output) = await repository.DotnetAsync("build", "App", "-c", "Release", "-p:CI=true");
        Assert.True(exitCode == 0, output);

        var built = Path.Combine(repository.Root, "App", "bin", "Release", "net10.0");
        return (
            await File.ReadAllBytesAsync(Path.Combine(built, "App.dll"), TestContext.Current.CancellationToken),
            await File.ReadAllBytesAsync(Path.Combine(built, "App.pdb"), TestContext.Current.CancellationToken),
            (await GitAsync(repository, "rev-parse", "HEAD")).Trim()
        );
    }

    private static async Task<string> GitAsync(ScratchRepository repository, params string[] arguments)
    {
        var start = new ProcessStartInfo("git", arguments)
        {
            WorkingDirectory = repository.Root,
            RedirectStandardOutput = true,
            Environment =
            {
                // The same commit in both, whoever runs the test.
                ["GIT_AUTHOR_NAME"] = "test",
                ["GIT_AUTHOR_EMAIL"] = "test@example.com",
                ["GIT_AUTHOR_DATE"] = "2026-01-01T00:00:00Z",
                ["GIT_COMMITTER_NAME"] = "test",
                ["GIT_COMMITTER_EMAIL"] = "test@example.com",
                ["GIT_COMMITTER_DATE"] = "2026-01-01T00:00:00Z",
                ["GIT_CONFIG_GLOBAL"] = "/dev/null",
                ["GIT_CONFIG_SYSTEM"] = "/dev/null",
            },
        };
        using var git = Process.Start(start)!;
        var output = await git.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        await git.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.Equal(0, git.ExitCode);
        return output;
    }
}
