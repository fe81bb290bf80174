using Microsoft.EntityFrameworkCore;
using Shop.Billing.Data;
using Shop.Billing.Domain;

namespace Shop.Billing.Numbering;

/// <summary>
/// Gives out numbers without gaps. A sequence of the database would not do: it does not take a number back when the
/// transaction that drew it fails. So the number is a row that is changed in the document's own transaction, and whoever
/// issues a document of the same kind waits until that has ended: draw the number as late as possible.
/// </summary>
internal sealed class DocumentNumbers(BillingDbContext db)
{
    /// <summary>The next number, kept only if the caller's transaction commits.</summary>
    public async Task<DocumentNumber> NextAsync(
        DocumentKind kind,
        DateTimeOffset issuedAt,
        CancellationToken cancellationToken
    ) => (await NextAsync(kind, issuedAt, count: 1, cancellationToken)).Dequeue();

    /// <summary>The next numbers, in their order. The caller has a document for each of them: one not used were a gap.</summary>
    public async Task<Queue<DocumentNumber>> NextAsync(
        DocumentKind kind,
        DateTimeOffset issuedAt,
        int count,
        CancellationToken cancellationToken
    )
    {
        if (count == 0)
        {
            return new Queue<DocumentNumber>();
        }
        var year = issuedAt.UtcDateTime.Year;
        var last = await db
            .Database.SqlQuery<int>(
                $"""
                insert into number_series (kind, year, last_number) values ({kind.ToString()}, {year}, {count})
                on conflict (kind, year) do update set last_number = number_series.last_number + {count}
                returning last_number
                """
            )
            .ToListAsync(cancellationToken);
        return new Queue<DocumentNumber>(
            Enumerable.Range(last.Single() - count + 1, count).Select(number => new DocumentNumber(kind, year, number))
        );
    }
}
