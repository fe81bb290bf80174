using System.Collections.Concurrent;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>Makes durable changes visible, in order, on a thread of its own.</summary>
internal sealed class CommitThread : IDisposable
{
    private static readonly TimeSpan IdleLimit = TimeSpan.FromSeconds(30);

    private readonly BlockingCollection<(List<JournalEntry>? Entries, ManualResetEventSlim? Reached)> groups = [];
    private readonly Thread thread;
    private readonly Action<Exception> failed;

    public CommitThread(Action<Exception> failed)
    {
        this.failed = failed;
        thread = new Thread(Run) { IsBackground = true, Name = "commit" };
        thread.Start();
    }

    public void Add(List<JournalEntry> entries) => groups.Add((entries, null));

    public void WaitUntilIdle()
    {
        using var reached = new ManualResetEventSlim();
        groups.Add((null, reached));
        if (!reached.Wait(IdleLimit))
        {
            throw new IOException($"Committed changes were not made visible within {IdleLimit.TotalSeconds} seconds.");
        }
    }

    public void Dispose()
    {
        groups.CompleteAdding();
        thread.Join(IdleLimit);
        groups.Dispose();
    }

    private void Run()
    {
        foreach (var (entries, reached) in groups.GetConsumingEnumerable())
        {
            try
            {
                entries?.ForEach(Commit);
                reached?.Set();
            }
            catch (Exception exception)
            {
                // A change that is on disk but not in memory: going on would serve wrong answers.
                failed(exception);
                return;
            }
        }
    }

    private static void Commit(JournalEntry entry)
    {
        entry.Apply();
        try
        {
            entry.Acknowledge();
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The change stands; only telling one client of it failed, which must not end everybody's broker.
            Console.Error.WriteLine($"An acknowledgement could not be sent: {exception.Message}");
        }
    }
}
