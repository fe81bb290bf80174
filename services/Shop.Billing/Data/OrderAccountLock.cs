using Microsoft.EntityFrameworkCore;
using Shop.Billing.Domain;

namespace Shop.Billing.Data;

/// <summary>Makes the events about one order take turns.</summary>
internal static class OrderAccountLock
{
    /// <summary>
    /// The order's account with its invoice, locked until the transaction ends, made new if there was none. One statement
    /// does both, so of two first events that come at the same time one waits and then sees what the other did.
    /// </summary>
    public static async Task<OrderAccount> LockAccountAsync(
        this BillingDbContext db,
        Guid orderId,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var rows = await db
            .OrderAccounts.FromSql(
                $"""
                insert into order_accounts (order_id, is_invoiced, created_at) values ({orderId}, false, {now})
                on conflict (order_id) do update set order_id = excluded.order_id
                returning xmin, *
                """
            )
            .ToListAsync(cancellationToken);
        var account = rows.Single();
        if (account.IsInvoiced)
        {
            await db
                .Invoices.Include(invoice => invoice.CreditNote)
                .Where(invoice => invoice.OrderId == orderId)
                .LoadAsync(cancellationToken);
        }
        return account;
    }
}
