using System.Reflection;

namespace Shop.Deployment.Tests.Containers;

/// <summary>
/// Every program as it is published, in folders in which nobody may write. They are those of <c>SHOP_PUBLISHED</c> when it is
/// set (CI publishes Release for linux-x64 there); otherwise what is built is published, which takes seconds.
/// </summary>
public sealed class PublishedPrograms : IAsyncLifetime
{
    private const UnixFileMode Read = UnixFileMode.UserRead | UnixFileMode.GroupRead | UnixFileMode.OtherRead;
    private const UnixFileMode Enter =
        Read | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;
    private const UnixFileMode Write = UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite;

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
        ChangeModes(add: default, remove: Write);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        ChangeModes(add: UnixFileMode.UserWrite, remove: default);
        if (_given is null)
            Directory.Delete(_root, recursive: true);
        return ValueTask.CompletedTask;
    }

    private void ChangeModes(UnixFileMode add, UnixFileMode remove)
    {
        if (OperatingSystem.IsWindows())
            return;
        foreach (var folder in Directory.EnumerateDirectories(_root).Append(_root))
            File.SetUnixFileMode(folder, (File.GetUnixFileMode(folder) | Enter | add) & ~remove);
        foreach (var file in Directory.EnumerateFiles(_root, "*", SearchOption.AllDirectories))
            File.SetUnixFileMode(file, (File.GetUnixFileMode(file) | Read | add) & ~remove);
    }

    private async Task PublishAsync()
    {
        var configuration = typeof(PublishedPrograms)
            .Assembly.GetCustomAttribute<AssemblyConfigurationAttribute>()!
            .Configuration;
        var (exitCode, output, errors) = await ChildProcess.RunAsync(
            "dotnet",
            "msbuild",
            Repository.PathOf("eng", "publish.proj"),
            "-t:Publish",
            "-p:NoBuild=true",
            $"-p:Configuration={configuration}",
            $"-p:PublishRoot={_root}",
            "-m:2",
            "-nodeReuse:false",
            "-v:quiet",
            "-nologo"
        );
        Assert.True(exitCode == 0, $"Publishing failed; run 'dotnet build' first. {output}{errors}");
    }
}
