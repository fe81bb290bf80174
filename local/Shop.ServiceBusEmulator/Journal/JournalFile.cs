using Microsoft.Win32.SafeHandles;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>One journal file: appended to, flushed, measured.</summary>
internal sealed class JournalFile : IDisposable
{
    private readonly SafeFileHandle handle;

    private JournalFile(string path, SafeFileHandle handle, long length)
    {
        Path = path;
        this.handle = handle;
        Length = length;
    }

    public string Path { get; private set; }
    public long Length { get; private set; }

    public static JournalFile Create(string path)
    {
        var handle = File.OpenHandle(path, FileMode.Create, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        var file = new JournalFile(path, handle, 0);
        file.Append(RecordFormat.Magic.ToArray());
        return file;
    }

    /// <summary>Opens a file to go on behind its last good record; what is behind that is cut off.</summary>
    public static JournalFile Continue(string path, long length)
    {
        var handle = File.OpenHandle(path, FileMode.Open, FileAccess.ReadWrite, FileShare.Read | FileShare.Delete);
        if (RandomAccess.GetLength(handle) != length)
        {
            RandomAccess.SetLength(handle, length);
            RandomAccess.FlushToDisk(handle);
        }

        return new JournalFile(path, handle, length);
    }

    public void Append(ReadOnlyMemory<byte> bytes)
    {
        RandomAccess.Write(handle, bytes.Span, Length);
        Length += bytes.Length;
    }

    public void Flush() => RandomAccess.FlushToDisk(handle);

    public void MoveTo(string path)
    {
        File.Move(Path, path, overwrite: true);
        Path = path;
    }

    public void Dispose() => handle.Dispose();
}
