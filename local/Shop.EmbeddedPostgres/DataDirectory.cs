using System.Security.Cryptography;

namespace Shop.EmbeddedPostgres;

/// <summary>Where everything that survives a restart lies. One process at a time uses it.</summary>
public sealed class DataDirectory : IDisposable
{
    private readonly FileStream _lock;

    private DataDirectory(string path, FileStream @lock) => (Root, _lock) = (path, @lock);

    /// <summary>The folder's full path.</summary>
    public string Root { get; }

    /// <summary>Opens a folder, and makes it first if need be.</summary>
    /// <param name="path">The folder: <c>Shop:DataDirectory</c>, or a default within the repository's <c>.shop/</c>.</param>
    /// <param name="fresh">Empties it first: <c>Shop:Fresh</c>.</param>
    /// <exception cref="SetupException">Another process uses it.</exception>
    public static DataDirectory Open(string path, bool fresh)
    {
        path = Path.GetFullPath(path);
        Directory.CreateDirectory(path);
        FileStream @lock;
        try
        {
            @lock = new FileStream(LockOf(path), FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.None);
        }
        catch (IOException)
        {
            throw new SetupException(
                $"Another shop is running on {path}: stop it, or start this one with --Shop:DataDirectory=<another folder>."
            );
        }

        if (fresh)
        {
            // A folder with a lock of its own is somebody else's.
            foreach (var directory in Directory.EnumerateDirectories(path).Where(one => !HasLock(one)))
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

    /// <summary>Lets others use it.</summary>
    public void Dispose() => _lock.Dispose();

    private static bool HasLock(string path) => File.Exists(LockOf(path));

    private static string LockOf(string path) => Path.Combine(path, "lock");
}
