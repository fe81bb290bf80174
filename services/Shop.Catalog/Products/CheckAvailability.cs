using Microsoft.AspNetCore.Http.HttpResults;
using Shop.ServiceDefaults;

namespace Shop.Catalog.Products;

/// <summary>
/// <c>GET /api/products/{id}/availability?quantity=</c>: whether that many pieces were there when Inventory last said. Only a
/// reservation makes sure.
/// </summary>
internal static class CheckAvailability
{
    /// <summary>The most pieces that can be asked for.</summary>
    public const int MaxQuantity = 10_000;

    internal sealed record Availability(bool Available, int AvailableStock);

    public static async Task<Results<Ok<Availability>, ProblemHttpResult>> HandleAsync(
        Guid id,
        int? quantity,
        ProductReader products,
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

        return await products.FindAsync(id, cancellationToken) is { Stock: var available }
            ? TypedResults.Ok(new Availability(available >= wanted, available))
            : ProductProblems.NotFound(id);
    }
}
