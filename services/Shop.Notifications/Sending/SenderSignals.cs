using Shop.Notifications.Domain;

namespace Shop.Notifications.Sending;

/// <summary>Wakes the senders, each by its way. A hint that saves waiting: what it misses is found with the next poll.</summary>
internal sealed class SenderSignals : IDisposable
{
    private readonly Dictionary<Channel, SemaphoreSlim> _due = Enum.GetValues<Channel>()
        .ToDictionary(channel => channel, _ => new SemaphoreSlim(0));

    /// <summary>Something is due on this way.</summary>
    public void Wake(Channel channel)
    {
        var due = _due[channel];
        if (due.CurrentCount == 0)
        {
            due.Release();
        }
    }

    /// <summary>Waits until something is due, or for the given time.</summary>
    public Task WaitAsync(Channel channel, TimeSpan limit, CancellationToken cancellationToken) =>
        _due[channel].WaitAsync(limit, cancellationToken);

    /// <inheritdoc />
    public void Dispose()
    {
        foreach (var due in _due.Values)
        {
            due.Dispose();
        }
    }
}
