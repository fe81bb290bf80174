using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Ordering.Orders;
using Shop.Ordering.Saga;
using Shop.ServiceDefaults.Data;

namespace Shop.Ordering.Data;

/// <summary>Wakes those who watch an order when a change of its saga has been committed, and not before.</summary>
internal sealed class OrderSignalInterceptor(OrderSignals signals) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    // A unit of work may save several times, and forget what it saved, before it commits.
    private readonly ConditionalWeakTable<DbContext, HashSet<Guid>> _saved = [];

    public override ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        if (signals.IsAnybodyWaiting && eventData.Context is { } db)
        {
            var orders = db.ChangeTracker.KnownEntries<SagaInstance>().Select(saga => saga.Entity.OrderId);
            if (db.Database.CurrentTransaction is null)
            {
                signals.Wake(orders);
            }
            else
            {
                _saved.GetOrCreateValue(db).UnionWith(orders);
            }
        }

        return ValueTask.FromResult(result);
    }

    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        Committed(eventData.Context);

    public Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Committed(eventData.Context);
        return Task.CompletedTask;
    }

    private void Committed(DbContext? db)
    {
        if (db is not null && _saved.Remove(db, out var orders))
        {
            signals.Wake(orders);
        }
    }
}
