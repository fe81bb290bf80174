using Microsoft.EntityFrameworkCore;
using OpenTelemetry;
using Shop.Billing.Domain;

namespace Shop.Billing.Data;

/// <summary>Makes the events about one order take turns.</summary>
internal static class OrderAccountLock
{
    /// <summary>
    /// The orders' accounts with their invoices, locked until the transaction ends, made new where there were none. One
    /// statement does both, so of two first events that come at the same time one waits and then sees what the other did; and
    /// everybody locks in the order of the ids.
    /// </summary>
    public static async Task<Dictionary<Guid, OrderAccount>> LockAccountsAsync(
        this BillingDbContext db,
        IEnumerable<Guid> orderIds,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var accounts = await LockAsync(db, [.. orderIds.Distinct().Order()], now, cancellationToken);
        Guid[] invoiced = [.. accounts.Where(account => account.IsInvoiced).Select(account => account.OrderId)];
        if (invoiced.Length > 0)
        {
            await db
                .Invoices.Include(invoice => invoice.CreditNote)
                .Where(invoice => invoiced.Contains(invoice.OrderId))
                .LoadAsync(cancellationToken);
        }
        return accounts.ToDictionary(account => account.OrderId);
    }

    private static async Task<List<OrderAccount>> LockAsync(
        BillingDbContext db,
        Guid[] ids,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        // Every event takes the lock, and takes it again when it is repeated. Traces show no other lock either.
        using var untraced = SuppressInstrumentationScope.Begin();
        return await db
            .OrderAccounts.FromSql(
                $"""
                insert into order_accounts (order_id, is_invoiced, created_at)
                select order_id, false, {now} from unnest({ids}) as o (order_id)
                on conflict (order_id) do update set order_id = excluded.order_id
                returning xmin, *
                """
            )
            .ToListAsync(cancellationToken);
    }

    /// <summary>The same for one order.</summary>
    public static async Task<OrderAccount> LockAccountAsync(
        this BillingDbContext db,
        Guid orderId,
        DateTimeOffset now,
        CancellationToken cancellationToken
    ) => (await db.LockAccountsAsync([orderId], now, cancellationToken))[orderId];
}
