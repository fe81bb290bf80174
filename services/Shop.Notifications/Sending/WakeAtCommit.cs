using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Sending;

/// <summary>Wakes the senders when notifications have been committed, and not before.</summary>
internal sealed class WakeAtCommit(SenderSignals signals, TimeProvider time) : DbTransactionInterceptor
{
    /// <inheritdoc />
    public override Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        WakeFor(eventData.Context);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        WakeFor(eventData.Context);

    private void WakeFor(DbContext? db)
    {
        if (db is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        foreach (var entry in db.ChangeTracker.Entries<Notification>())
        {
            if (entry.Entity.NextAttemptAt <= now)
            {
                signals.Wake(entry.Entity.Channel);
            }
        }
    }
}
