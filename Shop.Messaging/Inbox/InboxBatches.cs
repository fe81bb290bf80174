using Microsoft.EntityFrameworkCore;
using Shop.ServiceDefaults.Data;

namespace Shop.Messaging;

/// <summary>Has the deliveries that arrive while a transaction of the context runs share the next one.</summary>
internal sealed class InboxBatches<TContext>(InboxTransaction<TContext> inbox, MessagingSettings settings)
    where TContext : DbContext
{
    private readonly GroupCommit<Delivery, bool> _transactions = new(
        (deliveries, cancellationToken) => inbox.RunAsync(deliveries, settings.InboxBatchLimit, cancellationToken),
        settings.InboxBatch
    );

    /// <summary>Handles the delivery in the next transaction, together with others if there are any.</summary>
    /// <returns>
    /// False if the handler has had this message before; null if nothing was changed and the delivery has to be handled alone
    /// (see <see cref="GroupCommit{TItem, TResult}.RunAsync"/>).
    /// </returns>
    public Task<bool?> RunAsync(Delivery delivery, CancellationToken cancellationToken) =>
        _transactions.RunAsync(delivery, cancellationToken);
}
