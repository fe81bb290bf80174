using System.Security.Cryptography;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Shop.AppHost.Infrastructure.Processes;

/// <summary>
/// Where everything that survives a restart lies: <c>.shop/</c> in the repository, or <c>Shop:DataDirectory</c>.
/// <c>Shop:Fresh=true</c> empties it first. One AppHost at a time uses it.
/// </summary>
internal sealed class DataDirectory : IHostedService, IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock) => (Root, _lock) = (path, @lock);

    public string Root { get; }

    public static DataDirectory Open(IConfiguration configuration)
    {
        var path = Path.GetFullPath(configuration["Shop:DataDirectory"] ?? Path.Combine(LocalTools.Root, ".shop"));
        Directory.CreateDirectory(path);
        FileStream @lock;
        try
        {
            @lock = new FileStream(
                Path.Combine(path, "lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException)
        {
            throw new DistributedApplicationException(
                $"Another shop is running on {path}: stop it, or start this one with --Shop:DataDirectory=<another folder>."
            );
        }

        if (configuration.GetValue("Shop:Fresh", false))
        {
            foreach (var directory in Directory.EnumerateDirectories(path))
                Directory.Delete(directory, recursive: true);
        }
        return new DataDirectory(path, @lock);
    }

    /// <summary>A folder of its own for one server.</summary>
    public string For(string server) => Directory.CreateDirectory(Path.Combine(Root, server)).FullName;

    /// <summary>A password that is made once per data directory and differs for each login.</summary>
    public string PasswordFor(string login)
    {
        var file = Path.Combine(For("secrets"), "seed");
        if (!File.Exists(file))
        {
            using var created = new FileStream(file, NewFile());
            created.Write(RandomNumberGenerator.GetBytes(32));
        }
        var hash = HMACSHA256.HashData(File.ReadAllBytes(file), System.Text.Encoding.UTF8.GetBytes(login));
        return Convert.ToHexStringLower(hash.AsSpan(0, 16));

        static FileStreamOptions NewFile()
        {
            var options = new FileStreamOptions { Mode = FileMode.CreateNew, Access = FileAccess.Write };
            if (!OperatingSystem.IsWindows())
                options.UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite;
            return options;
        }
    }

    // A hosted service only so that the host that uses it also disposes of it.
    public Task StartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;

    public void Dispose() => _lock.Dispose();
}
