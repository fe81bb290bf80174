using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Payments.Data;
using Shop.Payments.Domain;

namespace Shop.Payments.Processing;

/// <summary>Shares the due payments out among all processes.</summary>
internal sealed class PaymentClaims(PaymentsDbContext db, IOptions<PaymentsOptions> options, TimeProvider time)
{
    /// <summary>
    /// Takes up to so many due payments. Each belongs to the caller until its lease ends; the attempt is counted before it
    /// starts, so that afterwards nobody can think that the provider was never asked.
    /// </summary>
    public Task<List<Payment>> TakeAsync(int limit, CancellationToken cancellationToken)
    {
        var now = time.GetUtcNow();
        return db
            .Payments.FromSql(
                $"""
                with due as (
                    select id from payments where next_attempt_at <= {now}
                    order by next_attempt_at limit {limit} for update skip locked
                )
                update payments p
                set next_attempt_at = {now + options.Value.Lease}, attempts = p.attempts + 1
                from due where p.id = due.id
                returning p.xmin, p.*
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
    }
}
