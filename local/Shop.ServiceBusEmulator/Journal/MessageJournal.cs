using System.Globalization;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>
/// The append-only journal with group commit: one thread writes whatever has come in meanwhile and flushes once for all
/// of it, a second one makes it visible and acknowledges it while the first is already busy with the next group.
/// </summary>
internal sealed class MessageJournal : IJournal, IDisposable
{
    private const string FilePattern = "journal-*.log";
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(10);

    private readonly record struct Pending(JournalEntry? Entry, UpdateOperation? Note);

    private readonly Lock sequencing = new();
    private readonly SemaphoreSlim arrived = new(0);
    private readonly string directory;
    private readonly long compactAbove;
    private readonly FileStream directoryLock;
    private readonly CommitThread commits;
    private readonly Thread writer;
    private readonly Action<Exception> failed;
    private readonly RecordBuffer buffer = new();
    private List<Pending> pending = [];
    private List<Pending> writing = [];
    private Topology? topology;
    private JournalFile? file;
    private OperationWriter operations = new();
    private long liveAtCompaction;
    private long generation;
    private long written;
    private long flushes;
    private bool stopping;

    /// <remarks>
    /// The folder is created when missing, and locked against a second emulator. <paramref name="failed"/> is called when the
    /// disk fails: nothing can be acknowledged any more. A file of fewer bytes than <paramref name="compactAbove"/> is never
    /// compacted.
    /// </remarks>
    public MessageJournal(string directory, Action<Exception> failed, long compactAbove = 64 * 1024 * 1024)
    {
        this.directory = directory;
        this.failed = failed;
        this.compactAbove = compactAbove;
        Directory.CreateDirectory(directory);
        directoryLock = Lock(directory);
        commits = new CommitThread(failed);
        writer = new Thread(Run) { IsBackground = true, Name = "journal" };
    }

    /// <summary>How long the journal file is, in bytes.</summary>
    public long Size => file?.Length ?? 0;

    /// <summary>How many bytes were written since the start, snapshots not counted.</summary>
    public long Written => Volatile.Read(ref written);

    /// <summary>How often the disk was asked to keep what was written.</summary>
    public long Flushes => Volatile.Read(ref flushes);

    /// <summary>Reads back what an earlier run left, then accepts new entries.</summary>
    public RecoveryReport Open(Topology stores, IMessageReader messages)
    {
        topology = stores;
        foreach (var unfinished in Directory.EnumerateFiles(directory, FilePattern + ".new"))
        {
            File.Delete(unfinished);
        }

        var files = Directory.EnumerateFiles(directory, FilePattern).Order().ToList();
        var report = new RecoveryReport(0, 0, 0, 0, TimeSpan.Zero);
        if (files.Count > 0)
        {
            var recovery = new JournalRecovery(stores, messages);
            report = recovery.Replay(files[^1]);
            operations = new OperationWriter(recovery.Stores);
            file = JournalFile.Continue(files[^1], report.Bytes);
            generation = long.Parse(
                Path.GetFileNameWithoutExtension(files[^1]).Split('-')[1],
                CultureInfo.InvariantCulture
            );
            files[..^1].ForEach(File.Delete);
        }
        else
        {
            (file, operations) = JournalSnapshot.Write(PathOf(++generation), stores);
        }

        writer.Start();
        return report;
    }

    public void Append(JournalEntry entry)
    {
        lock (sequencing)
        {
            foreach (var operation in entry.Operations)
            {
                if (operation is EnqueueOperation(var queue, { SequenceNumber: 0 } message))
                {
                    message.SequenceNumber = ++queue.LastSequence;
                }
            }

            Add(new(entry, null));
        }
    }

    public long Reserve(MessageQueue queue)
    {
        lock (sequencing)
        {
            return ++queue.LastSequence;
        }
    }

    public void Note(UpdateOperation operation)
    {
        lock (sequencing)
        {
            Add(new(null, operation));
        }
    }

    /// <summary>Writes what is pending, and closes the file.</summary>
    public void Dispose()
    {
        lock (sequencing)
        {
            stopping = true;
        }

        arrived.Release();
        if (writer.IsAlive)
        {
            writer.Join(StopLimit);
        }

        commits.Dispose();
        file?.Dispose();
        directoryLock.Dispose();
        arrived.Dispose();
    }

    private static FileStream Lock(string directory)
    {
        try
        {
            return new FileStream(
                Path.Combine(directory, "lock"),
                FileMode.OpenOrCreate,
                FileAccess.ReadWrite,
                FileShare.None
            );
        }
        catch (IOException exception)
        {
            throw new IOException(
                $"The data folder {directory} is in use by another emulator; end it, or give another --data folder.",
                exception
            );
        }
    }

    private void Add(Pending item)
    {
        pending.Add(item);
        if (pending.Count == 1)
        {
            arrived.Release();
        }
    }

    private void Run()
    {
        try
        {
            while (TakePending())
            {
                WritePending();
                if (file!.Length > compactAbove && file.Length > 2 * liveAtCompaction)
                {
                    Compact();
                }
            }
        }
        catch (Exception exception) when (exception is IOException or UnauthorizedAccessException)
        {
            failed(exception);
        }
    }

    private bool TakePending()
    {
        while (true)
        {
            arrived.Wait();
            lock (sequencing)
            {
                if (pending.Count > 0)
                {
                    (pending, writing) = (writing, pending);
                    return true;
                }

                if (stopping)
                {
                    return false;
                }
            }
        }
    }

    private void WritePending()
    {
        List<JournalEntry> committed = [];
        foreach (var (entry, note) in writing)
        {
            if (entry is { Operations.Count: 0 })
            {
                // Nothing to write, but what it waits for is in front of it.
                committed.Add(entry);
                continue;
            }

            var start = RecordFormat.Begin(buffer);
            if (note is not null)
            {
                operations.Write(buffer, note);
            }
            else
            {
                committed.Add(entry!);
                foreach (var operation in entry!.Operations)
                {
                    operations.Write(buffer, operation);
                }
            }

            RecordFormat.End(buffer, start);
        }

        writing.Clear();
        file!.Append(buffer.Written);
        Volatile.Write(ref written, written + buffer.Length);
        buffer.Clear();
        if (committed.Count > 0)
        {
            file.Flush();
            Volatile.Write(ref flushes, flushes + 1);
            commits.Add(committed);
        }
    }

    /// <summary>Everything written is visible first, so that the stores are exactly what the file says.</summary>
    private void Compact()
    {
        commits.WaitUntilIdle();
        var old = file!;
        (file, operations) = JournalSnapshot.Write(PathOf(++generation), topology!);
        liveAtCompaction = file.Length;
        old.Dispose();
        File.Delete(old.Path);
    }

    private string PathOf(long number) => Path.Combine(directory, $"journal-{number:D8}.log");
}
