using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Shop.ServiceDefaults;

namespace Shop.Catalog.Products;

/// <summary>
/// <c>GET /api/products/{id}/availability?quantity=</c>: whether that many pieces were there when Inventory last said. Only a
/// reservation makes sure.
/// </summary>
internal static class CheckAvailability
{
    private const int MaxQuantity = 10_000;

    internal sealed record Availability(bool Available, int AvailableStock);

    private static readonly Func<CatalogDbContext, Guid, CancellationToken, Task<int?>> Stock = EF.CompileAsyncQuery(
        (CatalogDbContext db, Guid id, CancellationToken _) =>
            db
                .StockLevels.Where(stock => stock.ProductId == id)
                .Select(stock => (int?)stock.Available)
                .SingleOrDefault()
    );

    public static async Task<Results<Ok<Availability>, ProblemHttpResult>> HandleAsync(
        Guid id,
        int? quantity,
        CatalogDbContext db,
        CancellationToken cancellationToken
    )
    {
        var wanted = quantity ?? 1;
        if (wanted is < 1 or > MaxQuantity)
        {
            return Problems.Validation(
                new Dictionary<string, string[]> { ["quantity"] = [$"must be from 1 to {MaxQuantity}"] }
            );
        }

        return await Stock(db, id, cancellationToken) is { } available
            ? TypedResults.Ok(new Availability(available >= wanted, available))
            : ProductProblems.NotFound(id);
    }
}
