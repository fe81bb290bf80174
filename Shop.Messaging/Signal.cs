namespace Shop.Messaging;

/// <summary>
/// Wakes a loop that waits for work. It is a hint that saves waiting: several in a row are one, and whoever misses it finds
/// the work with the next poll.
/// </summary>
internal sealed class Signal : IDisposable
{
    private readonly SemaphoreSlim _raised = new(0);

    public void Wake()
    {
        if (_raised.CurrentCount == 0)
        {
            _raised.Release();
        }
    }

    public Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _raised.WaitAsync(limit, cancellationToken);

    public void Dispose() => _raised.Dispose();
}
