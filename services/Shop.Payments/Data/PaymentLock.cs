using Microsoft.EntityFrameworkCore;
using Shop.Payments.Domain;

namespace Shop.Payments.Data;

/// <summary>Makes everything that decides about one payment take turns.</summary>
internal static class PaymentLock
{
    /// <summary>
    /// The orders' payments, locked until the transaction ends, made new where there were none. One statement does both, so of
    /// two first messages that come at the same time one waits and then sees what the other did; and everybody locks in the
    /// order of the orders' ids.
    /// </summary>
    public static async Task<Dictionary<Guid, Payment>> LockOrderPaymentsAsync(
        this PaymentsDbContext db,
        IEnumerable<Guid> orderIds,
        DateTimeOffset now,
        CancellationToken cancellationToken
    )
    {
        Guid[] orders = [.. orderIds.Distinct().Order()];
        Guid[] ids = [.. orders.Select(_ => Guid.CreateVersion7(now))];
        var rows = await db
            .Payments.FromSql(
                $"""
                insert into payments (id, order_id, amount, status, attempts, created_at, updated_at)
                select id, order_id, 0, 'New', 0, {now}, {now} from unnest({ids}, {orders}) as p (id, order_id)
                on conflict (order_id) do update set order_id = excluded.order_id
                returning xmin, *
                """
            )
            .ToListAsync(cancellationToken);
        await db.LoadRefundsAsync(rows, cancellationToken);
        return rows.ToDictionary(payment => payment.OrderId);
    }

    /// <summary>The payments with these ids, locked until the transaction ends, in the order of their orders' ids.</summary>
    public static async Task<Dictionary<Guid, Payment>> LockPaymentsAsync(
        this PaymentsDbContext db,
        IEnumerable<Guid> paymentIds,
        CancellationToken cancellationToken
    )
    {
        Guid[] ids = [.. paymentIds.Distinct()];
        var rows = await db
            .Payments.FromSql($"select xmin, * from payments where id = any({ids}) order by order_id for update")
            .ToListAsync(cancellationToken);
        await db.LoadRefundsAsync(rows, cancellationToken);
        return rows.ToDictionary(payment => payment.Id);
    }

    /// <summary>The payment with this id, locked until the transaction ends; null when there is none.</summary>
    public static async Task<Payment?> LockPaymentAsync(
        this PaymentsDbContext db,
        Guid paymentId,
        CancellationToken cancellationToken
    ) => (await db.LockPaymentsAsync([paymentId], cancellationToken)).GetValueOrDefault(paymentId);

    private static async Task LoadRefundsAsync(
        this PaymentsDbContext db,
        IEnumerable<Payment> payments,
        CancellationToken cancellationToken
    )
    {
        // Only these can have one; the others, which are most, are spared the query.
        Guid[] ids =
        [
            .. payments
                .Where(payment =>
                    payment.Status is not (PaymentStatus.New or PaymentStatus.Pending or PaymentStatus.Failed)
                )
                .Select(payment => payment.Id),
        ];
        if (ids.Length > 0)
        {
            await db.Refunds.Where(refund => ids.Contains(refund.PaymentId)).LoadAsync(cancellationToken);
        }
    }
}
