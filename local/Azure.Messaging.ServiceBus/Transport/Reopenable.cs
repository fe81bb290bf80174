namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>
/// Something that is opened when first needed, shared while it is open, and opened anew after it broke.
/// </summary>
internal sealed class Reopenable<T>(
    Func<CancellationToken, Task<T>> open,
    Func<T, bool> isOpen,
    Func<T, Task> close,
    T? opened = null
)
    where T : class
{
    private readonly SemaphoreSlim _gate = new(1, 1);
    private T? _current = opened;
    private bool _closed;

    /// <summary>The open one, or null.</summary>
    public T? Current => Volatile.Read(ref _current) is { } current && isOpen(current) ? current : null;

    public ValueTask<T> GetAsync(CancellationToken cancellationToken) =>
        Current is { } current ? new(current) : new(OpenAsync(cancellationToken));

    public async Task CloseAsync()
    {
        await _gate.WaitAsync().ConfigureAwait(false);
        try
        {
            _closed = true;
            if (_current is { } current)
            {
                await close(current).ConfigureAwait(false);
            }
        }
        finally
        {
            _gate.Release();
        }
    }

    private async Task<T> OpenAsync(CancellationToken cancellationToken)
    {
        await _gate.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            ObjectDisposedException.ThrowIf(_closed, typeof(T));
            if (Current is { } current)
            {
                return current;
            }

            current = await open(cancellationToken).ConfigureAwait(false);
            Volatile.Write(ref _current, current);
            return current;
        }
        finally
        {
            _gate.Release();
        }
    }
}
