namespace Shop.Payments.Processing;

/// <summary>Wakes the processor. A hint that saves waiting: what it misses is found with the next poll.</summary>
internal sealed class ProcessorSignal : IDisposable
{
    private readonly SemaphoreSlim _due = new(0);

    /// <summary>Something is due.</summary>
    public void Wake()
    {
        if (_due.CurrentCount == 0)
        {
            _due.Release();
        }
    }

    /// <summary>Waits until something is due, or for the given time.</summary>
    public Task WaitAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _due.WaitAsync(limit, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _due.Dispose();
}
