namespace Azure.Messaging.ServiceBus.Processing;

/// <summary>An event of a processor: one handler at most, and none is changed while the processor runs.</summary>
internal sealed class EventHandlerSlot<TArgs>(string name, Func<bool> isProcessing)
{
    private Func<TArgs, Task>? _handler;

    public bool IsSet => _handler is not null;

    public void Add(Func<TArgs, Task> handler)
    {
        ArgumentNullException.ThrowIfNull(handler, name);
        ThrowIfProcessing();
        _handler = _handler is null ? handler : throw new NotSupportedException($"{name} has a handler already.");
    }

    public void Remove(Func<TArgs, Task> handler)
    {
        ThrowIfProcessing();
        _handler = _handler == handler ? null : throw new ArgumentException($"{name} has another handler.", name);
    }

    public Task InvokeAsync(TArgs args) => _handler?.Invoke(args) ?? Task.CompletedTask;

    private void ThrowIfProcessing()
    {
        if (isProcessing())
        {
            throw new InvalidOperationException("The handlers cannot be changed while the processor runs.");
        }
    }
}
