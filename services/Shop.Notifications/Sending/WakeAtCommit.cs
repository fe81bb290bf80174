using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Notifications.Domain;
using Shop.ServiceDefaults.Data;

namespace Shop.Notifications.Sending;

/// <summary>
/// Wakes the senders when notifications have been committed, and not before. What a unit of work has saved is noted when it is
/// saved: a transaction may serve many messages, and forgets the entities of each before the next.
/// </summary>
internal sealed class WakeAtCommit(SenderSignals signals, TimeProvider time)
    : SaveChangesInterceptor,
        IDbTransactionInterceptor
{
    private readonly ConditionalWeakTable<DbContext, HashSet<Channel>> _saved = [];

    /// <inheritdoc />
    public override int SavedChanges(SaveChangesCompletedEventData eventData, int result)
    {
        Saved(eventData.Context);
        return result;
    }

    /// <inheritdoc />
    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        Saved(eventData.Context);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc />
    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        Committed(eventData.Context);

    /// <inheritdoc />
    public Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Committed(eventData.Context);
        return Task.CompletedTask;
    }

    private void Saved(DbContext? db)
    {
        if (db is null)
        {
            return;
        }

        var now = time.GetUtcNow();
        foreach (var entry in db.ChangeTracker.KnownEntries<Notification>())
        {
            if (entry.Entity.NextAttemptAt <= now)
            {
                _saved.GetOrCreateValue(db).Add(entry.Entity.Channel);
            }
        }

        if (db.Database.CurrentTransaction is null)
        {
            Committed(db);
        }
    }

    private void Committed(DbContext? db)
    {
        if (db is null || !_saved.TryGetValue(db, out var channels))
        {
            return;
        }

        _saved.Remove(db);
        foreach (var channel in channels)
        {
            signals.Wake(channel);
        }
    }
}
