using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging;

/// <summary>
/// Group commit for handlers. While one transaction of the context runs, the deliveries that arrive wait, and then share the
/// next one: under load one commit serves many messages, and without load nobody waits. There is one such transaction at a time,
/// so that two of a process cannot lock each other's rows.
/// </summary>
internal sealed class InboxBatches<TContext>(InboxTransaction<TContext> inbox, MessagingSettings settings)
    where TContext : DbContext
{
    private readonly Lock _lock = new();
    private readonly Queue<Waiting> _waiting = [];
    private bool _running;

    /// <summary>Handles the delivery in the next transaction, together with others if there are any.</summary>
    /// <returns>
    /// False if the handler has had this message before; null if nothing was changed because the transaction failed or took too
    /// long: then the delivery has to be handled alone, since any of the others may have been the reason. When there were no
    /// others, its handler's exception is thrown.
    /// </returns>
    public async Task<bool?> RunAsync(Delivery delivery, CancellationToken cancellationToken)
    {
        var own = new Waiting(delivery);
        if (!Begin(own) && await own.Turn.Task is { } outcome)
        {
            return outcome.IsNew;
        }

        // Its turn: it takes the others along, and at the end hands over to whoever came meanwhile.
        var batch = Take(own);
        var outcomes = Enumerable.Repeat<bool?>(null, batch.Count).ToArray();
        try
        {
            var isNew = await inbox.RunAsync(
                batch.ConvertAll(waiting => waiting.Delivery),
                settings.InboxBatchLimit,
                cancellationToken
            );
            outcomes = Array.ConvertAll(isNew, value => (bool?)value);
        }
        catch (Exception exception)
            when (batch.Count > 1
                || (exception is OperationCanceledException && !cancellationToken.IsCancellationRequested)
            )
        {
            // Whatever it was, the transaction is rolled back, and each is tried again alone, where its own failure shows.
        }
        finally
        {
            for (var i = 1; i < batch.Count; i++)
            {
                batch[i].Turn.SetResult(new Outcome(outcomes[i]));
            }

            HandOver();
        }

        return outcomes[0];
    }

    private bool Begin(Waiting own)
    {
        lock (_lock)
        {
            if (!_running)
            {
                return _running = true;
            }

            _waiting.Enqueue(own);
            return false;
        }
    }

    private List<Waiting> Take(Waiting own)
    {
        var batch = new List<Waiting> { own };
        lock (_lock)
        {
            while (batch.Count < settings.InboxBatch && _waiting.TryDequeue(out var next))
            {
                batch.Add(next);
            }
        }

        return batch;
    }

    private void HandOver()
    {
        Waiting? next;
        lock (_lock)
        {
            _running = _waiting.TryDequeue(out next);
        }

        next?.Turn.SetResult(null);
    }

    /// <param name="IsNew">What <see cref="RunAsync"/> returns.</param>
    private sealed record Outcome(bool? IsNew);

    private sealed record Waiting(Delivery Delivery)
    {
        /// <summary>The outcome when another one took this along; null when it is its turn to take others along.</summary>
        public TaskCompletionSource<Outcome?> Turn { get; } = new(TaskCreationOptions.RunContinuationsAsynchronously);
    }
}
