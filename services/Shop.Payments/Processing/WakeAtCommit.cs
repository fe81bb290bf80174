using System.Data.Common;
using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Payments.Domain;
using Shop.ServiceDefaults.Data;

namespace Shop.Payments.Processing;

/// <summary>
/// Wakes the processor when a payment that needs the provider has been committed, and not before. What was saved is looked
/// at when it is saved: by the commit the unit of work may have forgotten it, as several messages can share a transaction.
/// </summary>
internal sealed class WakeAtCommit(ProcessorSignal signal) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    // The unit of work that has saved something for the provider, until it commits.
    private readonly ConditionalWeakTable<DbContext, object> _expecting = [];

    /// <inheritdoc />
    public override InterceptionResult<int> SavingChanges(DbContextEventData eventData, InterceptionResult<int> result)
    {
        Look(eventData.Context);
        return result;
    }

    /// <inheritdoc />
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        Look(eventData.Context);
        return ValueTask.FromResult(result);
    }

    /// <inheritdoc />
    public Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        WakeFor(eventData.Context);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        WakeFor(eventData.Context);

    private void Look(DbContext? db)
    {
        if (db?.ChangeTracker.KnownEntries<Payment>().Exists(p => p.Entity.NextStep is not null) == true)
        {
            _expecting.AddOrUpdate(db, this);
        }
    }

    private void WakeFor(DbContext? db)
    {
        if (db is not null && _expecting.Remove(db))
        {
            signal.Wake();
        }
    }
}
