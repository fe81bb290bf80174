using Microsoft.EntityFrameworkCore;
using Shop.Payments.Domain;

namespace Shop.Payments.Data;

/// <summary>Makes everything that decides about one payment take turns.</summary>
internal static class PaymentLock
{
    /// <summary>
    /// The order's payment, locked until the transaction ends, made new if there was none. One statement does both, so of
    /// two first messages that come at the same time one waits and then sees what the other did.
    /// </summary>
    public static async Task<Payment> LockOrderPaymentAsync(
        this PaymentsDbContext db,
        Guid orderId,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        var rows = await db
            .Payments.FromSql(
                $"""
                insert into payments (id, order_id, amount, status, attempts, created_at, updated_at)
                values ({Guid.CreateVersion7(now)}, {orderId}, 0, 'New', 0, {now}, {now})
                on conflict (order_id) do update set order_id = excluded.order_id
                returning xmin, *
                """
            )
            .ToListAsync(cancellationToken);
        return await db.WithRefundAsync(rows.Single(), cancellationToken);
    }

    /// <summary>The payment with this id, locked until the transaction ends; null when there is none.</summary>
    public static async Task<Payment?> LockPaymentAsync(
        this PaymentsDbContext db,
        Guid paymentId,
        CancellationToken cancellationToken
    )
    {
        var rows = await db
            .Payments.FromSql($"select xmin, * from payments where id = {paymentId} for update")
            .ToListAsync(cancellationToken);
        return rows is [var payment] ? await db.WithRefundAsync(payment, cancellationToken) : null;
    }

    private static async Task<Payment> WithRefundAsync(
        this PaymentsDbContext db,
        Payment payment,
        CancellationToken cancellationToken
    )
    {
        // Only these can have one; the others, which are most, are spared the query.
        if (payment.Status is not (PaymentStatus.New or PaymentStatus.Pending or PaymentStatus.Failed))
        {
            await db.Entry(payment).Reference(p => p.Refund).LoadAsync(cancellationToken);
        }
        return payment;
    }
}
