using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.ServiceDefaults;

namespace Shop.Inventory.Stock;

/// <summary>The stock of a product in the list for staff.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Name">What Catalog calls it; null until Inventory has heard that.</param>
/// <param name="OnHand">Units in the house: available and reserved ones.</param>
/// <param name="Reserved">Units set aside for orders.</param>
/// <param name="Available">Units that can be sold.</param>
/// <param name="Discontinued">Whether Catalog has removed it.</param>
internal sealed record StockLine(
    Guid ProductId,
    string? Name,
    int OnHand,
    int Reserved,
    int Available,
    bool Discontinued
);

/// <summary>Query: the stock of all products, for operators.</summary>
internal static class ListStock
{
    /// <summary><c>GET /api/inventory?below=&amp;page=&amp;pageSize=</c>, in the order of the product ids.</summary>
    /// <param name="db">The stock.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="below">Only products of which fewer are available.</param>
    /// <param name="page">Which page.</param>
    /// <param name="pageSize">The most products of a page.</param>
    public static async Task<Results<Ok<Page<StockLine>>, ProblemHttpResult>> HandleAsync(
        InventoryDbContext db,
        CancellationToken cancellationToken,
        int? below = null,
        int? page = null,
        int? pageSize = null
    )
    {
        var errors = new Dictionary<string, string[]>();
        var paging = Paging.Of(page, pageSize, errors);
        if (below < 1)
        {
            errors["below"] = ["Must be 1 or more: fewer than none are never available."];
        }

        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        var stock = db.StockItems.Where(item => below == null || item.Available < below);
        var items = await stock
            .LeftJoin(
                db.ProductNames,
                item => item.ProductId,
                product => product.ProductId,
                (item, product) => new { Item = item, product!.Name }
            )
            .OrderBy(line => line.Item.ProductId)
            .Skip(paging.Skip)
            .Take(paging.PageSize)
            .Select(line => new StockLine(
                line.Item.ProductId,
                line.Name,
                line.Item.Available + line.Item.Reserved,
                line.Item.Reserved,
                line.Item.Available,
                line.Item.IsDiscontinued
            ))
            .ToListAsync(cancellationToken);
        var total = await stock.CountAsync(cancellationToken);
        return TypedResults.Ok(new Page<StockLine>(items, paging.Number, paging.PageSize, total));
    }
}
