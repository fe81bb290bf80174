using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Payments.Domain;

namespace Shop.Payments.Processing;

/// <summary>Wakes the processor when a payment that needs the provider has been committed, and not before.</summary>
internal sealed class WakeAtCommit(ProcessorSignal signal) : DbTransactionInterceptor
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
        if (db?.ChangeTracker.Entries<Payment>().Any(p => p.Entity.NextStep is not null) == true)
        {
            signal.Wake();
        }
    }
}
