using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.ServiceDefaults;

namespace Shop.Inventory.Stock;

/// <summary>An entry of the ledger.</summary>
/// <param name="Id">Its number; a higher one is later.</param>
/// <param name="At">When it was booked.</param>
/// <param name="Kind"><c>received</c>, <c>reserved</c>, <c>released</c>, <c>committed</c> or <c>returned</c>.</param>
/// <param name="Quantity">How many units moved.</param>
/// <param name="AvailableChange">What that did to the available units.</param>
/// <param name="ReservedChange">What that did to the reserved units.</param>
/// <param name="OrderId">For which order, if for one.</param>
/// <param name="IdempotencyKey">The key of the request that brought goods in, if it had one.</param>
internal sealed record LedgerEntry(
    long Id,
    DateTimeOffset At,
    string Kind,
    int Quantity,
    int AvailableChange,
    int ReservedChange,
    Guid? OrderId,
    string? IdempotencyKey
);

/// <summary>Query: what moved of a product, for operators.</summary>
internal static class ListLedger
{
    /// <summary>A product that everybody buys has entries without end; they are counted no further.</summary>
    private const int MaxCounted = 10_000;

    /// <summary><c>GET /api/inventory/{productId}/ledger?page=&amp;pageSize=</c>, the newest first.</summary>
    /// <param name="productId">The product.</param>
    /// <param name="db">The ledger.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="page">Which page.</param>
    /// <param name="pageSize">The most entries of a page.</param>
    public static async Task<Results<Ok<Page<LedgerEntry>>, ProblemHttpResult>> HandleAsync(
        Guid productId,
        InventoryDbContext db,
        CancellationToken cancellationToken,
        int? page = null,
        int? pageSize = null
    )
    {
        var errors = new Dictionary<string, string[]>();
        var paging = Paging.Of(page, pageSize, errors);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        if (!await db.StockItems.AnyAsync(item => item.ProductId == productId, cancellationToken))
        {
            return GetStock.Unknown(productId);
        }

        var newest = db
            .StockMovements.Where(movement => movement.ProductId == productId)
            .OrderByDescending(movement => movement.Id);
        var items = await newest
            .Skip(paging.Skip)
            .Take(paging.PageSize)
            .Select(movement => new LedgerEntry(
                movement.Id,
                movement.OccurredAt,
                movement.Kind,
                movement.Quantity,
                movement.AvailableChange,
                movement.ReservedChange,
                movement.OrderId,
                movement.IdempotencyKey
            ))
            .ToListAsync(cancellationToken);
        var total = await newest.Take(MaxCounted).CountAsync(cancellationToken);
        return TypedResults.Ok(new Page<LedgerEntry>(items, paging.Number, paging.PageSize, total));
    }
}
