using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;

namespace Shop.Storefront.Baskets;

/// <summary>What the forms on the basket's page do. Each leads back to the page.</summary>
internal static class BasketEndpoints
{
    public const string Page = "/basket";

    public static void MapBasket(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapPost("/basket/lines/{productId:guid}", SetQuantityAsync).AllowAnonymous();
        endpoints.MapPost("/basket/prices/{productId:guid}", AcceptPriceAsync).AllowAnonymous();
    }

    private static async Task<RedirectHttpResult> SetQuantityAsync(
        Guid productId,
        [FromForm] string? quantity,
        BasketStore baskets,
        CurrentBasket basket,
        CancellationToken cancellationToken
    )
    {
        // What is no number leaves the basket as it is, which the page shows.
        if (basket.Id is { } id && int.TryParse(quantity, out var pieces))
        {
            await baskets.SetAsync(id, productId, pieces, cancellationToken);
        }

        return TypedResults.LocalRedirect(Page);
    }

    private static async Task<RedirectHttpResult> AcceptPriceAsync(
        Guid productId,
        [FromForm] decimal price,
        BasketStore baskets,
        CurrentBasket basket,
        CancellationToken cancellationToken
    )
    {
        if (basket.Id is { } id)
        {
            await baskets.AcceptPriceAsync(id, productId, price, cancellationToken);
        }

        return TypedResults.LocalRedirect(Page);
    }
}
