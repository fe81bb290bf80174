namespace Azure.Messaging.ServiceBus.Processing;

/// <summary>What a processor runs between its start and its stop.</summary>
internal interface IPump
{
    /// <summary>Takes no more messages, gives back those that no handler has, and waits for the handlers.</summary>
    Task StopAsync(CancellationToken cancellationToken);
}

/// <summary>Starts and stops a pump, one at a time.</summary>
internal sealed class PumpSwitch(Func<IPump> start)
{
    private readonly SemaphoreSlim _changing = new(1, 1);
    private IPump? _pump;

    public bool IsOn => _pump is not null;

    /// <exception cref="InvalidOperationException">It runs already.</exception>
    public async Task StartAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            _pump = _pump is null ? start() : throw new InvalidOperationException("The processor runs already.");
        }
        finally
        {
            _changing.Release();
        }
    }

    public async Task StopAsync(CancellationToken cancellationToken)
    {
        await _changing.WaitAsync(cancellationToken).ConfigureAwait(false);
        try
        {
            if (_pump is { } pump)
            {
                await pump.StopAsync(cancellationToken).ConfigureAwait(false);
                _pump = null;
            }
        }
        finally
        {
            _changing.Release();
        }
    }
}
