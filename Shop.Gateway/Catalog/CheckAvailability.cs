using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Gateway.Catalog.V1;

namespace Shop.Gateway.Catalog;

/// <summary>
/// <c>GET /api/products/{id}/availability?quantity=</c>: whether that many pieces were there when Inventory last said. Only a
/// reservation makes sure.
/// </summary>
internal static class CheckAvailability
{
    internal sealed record Availability(bool Available, int AvailableStock);

    public static async Task<Results<Ok<Availability>, ProblemHttpResult>> HandleAsync(
        Guid id,
        int? quantity,
        CatalogClient catalog,
        CancellationToken cancellationToken
    )
    {
        var answer = await catalog.CheckAvailabilityAsync(id, quantity ?? 1, cancellationToken);
        return TypedResults.Ok(
            answer.StockCase == CheckAvailabilityResponse.StockOneofCase.InStock
                ? new Availability(Available: true, answer.InStock.Available)
                : new Availability(Available: false, answer.OutOfStock.Available)
        );
    }
}
