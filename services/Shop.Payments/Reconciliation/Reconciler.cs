using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Shop.Payments.Data;
using Shop.Payments.Domain;
using Shop.Payments.Provider;

namespace Shop.Payments.Reconciliation;

/// <summary>
/// Compares our books with the provider's, a page at a time: first every charge of theirs with our payment, then every
/// payment of ours that they have not heard of. Memory does not grow with the books.
/// </summary>
internal sealed class Reconciler(IPaymentProvider provider, IServiceScopeFactory scopes)
{
    /// <summary>How many entries are in memory at a time.</summary>
    public const int PageSize = 500;

    /// <summary>
    /// Tells the differences as they are found. What changed after <paramref name="before"/> is left out on both sides: an
    /// answer may be on its way.
    /// </summary>
    public async IAsyncEnumerable<Difference> CompareAsync(
        DateTimeOffset before,
        ReconciliationTotals totals,
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        await foreach (var (ours, theirs) in PairsAsync(cancellationToken))
        {
            var changedAt = Later(ours is null ? null : BookComparison.ChangedAt(ours), theirs?.ChangedAt);
            if (changedAt > before)
            {
                totals.Young++;
                continue;
            }
            totals.Add(ours, theirs);
            if (BookComparison.Compare(ours, theirs) is { } difference)
            {
                totals.Add(difference.Kind);
                yield return difference;
            }
        }
    }

    private async IAsyncEnumerable<(Payment? Ours, BookedCharge? Theirs)> PairsAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken
    )
    {
        string? lastKey = null;
        while (await provider.ListAsync(lastKey, PageSize, cancellationToken) is { Count: > 0 } charges)
        {
            lastKey = charges[^1].IdempotencyKey;
            var payments = await FindOursAsync(charges, cancellationToken);
            foreach (var charge in charges)
            {
                yield return (payments.GetValueOrDefault(charge.IdempotencyKey), charge);
            }
        }

        var lastId = Guid.Empty;
        while (await ListOursAsync(lastId, cancellationToken) is { Count: > 0 } payments)
        {
            lastId = payments[^1].Id;
            var known = await provider.FindAsync(
                [.. payments.Select(payment => payment.Id.ToString())],
                cancellationToken
            );
            var unheard = payments.ExceptBy(
                known.Select(charge => charge.IdempotencyKey),
                payment => payment.Id.ToString()
            );
            foreach (var payment in unheard)
            {
                yield return (payment, null);
            }
        }
    }

    private Task<List<Payment>> ListOursAsync(Guid after, CancellationToken cancellationToken) =>
        ReadAsync(
            payments => payments.Where(payment => payment.Id > after).OrderBy(payment => payment.Id).Take(PageSize),
            cancellationToken
        );

    private async Task<Dictionary<string, Payment>> FindOursAsync(
        IReadOnlyList<BookedCharge> charges,
        CancellationToken cancellationToken
    )
    {
        Guid[] ids = [.. charges.Select(charge => Guid.TryParse(charge.IdempotencyKey, out var id) ? id : Guid.Empty)];
        var payments = await ReadAsync(all => all.Where(payment => ids.Contains(payment.Id)), cancellationToken);
        return payments.ToDictionary(payment => payment.Id.ToString(), StringComparer.Ordinal);
    }

    private async Task<List<Payment>> ReadAsync(
        Func<IQueryable<Payment>, IQueryable<Payment>> choose,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>();
        return await choose(db.Payments.AsNoTracking().Include(payment => payment.Refund))
            .ToListAsync(cancellationToken);
    }

    private static DateTimeOffset? Later(DateTimeOffset? one, DateTimeOffset? other) =>
        one is null || other > one ? other : one;
}
