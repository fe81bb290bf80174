using System.Diagnostics;
using System.Reflection;

namespace Shop.Deployment.Tests.Containers;

/// <summary>
/// Every program as it is published, in folders in which nobody may write. They are those of <c>SHOP_PUBLISHED</c> when it is
/// set (CI publishes Release for linux-x64 there); otherwise what is built is published, which takes seconds.
/// </summary>
public sealed class PublishedPrograms : IAsyncLifetime
{
    private const UnixFileMode Readable = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Enterable =
        Readable | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly string? _given = Environment.GetEnvironmentVariable("SHOP_PUBLISHED");
    private string _root = "";

    /// <summary>The folder of a program, such as that of <c>Shop.Ordering</c>.</summary>
    internal string FolderOf(string program) => Path.Combine(_root, program);

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        _root = _given is null
            ? Directory.CreateTempSubdirectory("shop-published-").FullName
            : Path.GetFullPath(_given);
        if (_given is null)
            await PublishAsync();
        if (OperatingSystem.IsWindows())
            return;
        foreach (var file in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(file, Readable);
        foreach (var folder in Directory.EnumerateDirectories(_root, "*", SearchOption.AllDirectories).Append(_root))
            File.SetUnixFileMode(folder, Enterable);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        if (!OperatingSystem.IsWindows())
        {
            foreach (
                var folder in Directory.EnumerateDirectories(_root, "*", SearchOption.AllDirectories).Append(_root)
            )
                File.SetUnixFileMode(folder, Enterable | UnixFileMode.UserWrite);
        }

        if (_given is null)
            Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private async Task PublishAsync()
    {
        var configuration = typeof(PublishedPrograms)
            .Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!
            .Configuration;
        var start = new ProcessStartInfo(
            "dotnet",
            [
                "msbuild",
                Repository.PathOf("eng", "publish.proj"),
                "-t:Publish",
                "-p:NoBuild=true",
                $"-p:Configuration={configuration}",
                $"-p:PublishRoot={_root}",
                "-m:2",
                "-nodeReuse:false",
                "-v:quiet",
                "-nologo",
            ]
        )
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        using var process = Process.Start(start)!;
        var output = process.StandardOutput.ReadToEndAsync(TestContext.Current.CancellationToken);
        var errors = process.StandardError.ReadToEndAsync(TestContext.Current.CancellationToken);
        await process.WaitForExitAsync(TestContext.Current.CancellationToken);
        Assert.True(
            process.ExitCode == 0,
            $"Publishing failed; run 'dotnet build' first. {await output}{await errors}"
        );
    }
}
