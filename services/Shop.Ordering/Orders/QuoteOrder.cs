using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Catalog;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Orders;

/// <summary>Body of <c>POST /api/orders/quote</c>.</summary>
/// <param name="Items">The lines.</param>
/// <param name="Region">Where the order would go, as an ISO 3166-2 code. Without it the tax is not known.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record QuoteRequest(IReadOnlyList<OrderLineRequest?>? Items, string? Region = null)
{
    /// <summary>One for the API's description.</summary>
    public static readonly QuoteRequest Example = new(PlaceOrderRequest.Example.Items, "US-CA");
}

/// <summary>
/// <c>POST /api/orders/quote</c>: what an order would cost now. Anyone may ask; it reads products and nothing of anybody.
/// It promises nothing: the prices count when the order is placed, and <c>expectedTotal</c> there tells of a change.
/// </summary>
internal sealed class QuoteOrder(OrderingDbContext db, CatalogClient catalog)
{
    public static async Task<IResult> HandleAsync(
        HttpContext http,
        QuoteOrder useCase,
        CancellationToken cancellationToken
    )
    {
        var (request, problem) = await OrderBody.ReadAsync<QuoteRequest>(http.Request, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        if (OrderValidation.CheckItems(request!.Items).ToList() is { Count: > 0 } violations)
        {
            return OrderProblems.Invalid(violations);
        }

        Region? region = null;
        return request.Region is { Length: > 0 } code && !Region.TryFind(code, out region)
            ? OrderProblems.Invalid([OrderValidation.UnknownRegion("region")], StatusCodes.Status422UnprocessableEntity)
            : await useCase.QuoteAsync(http, request.Items!, region, cancellationToken);
    }

    private async Task<IResult> QuoteAsync(
        HttpContext http,
        IReadOnlyList<OrderLineRequest?> lines,
        Region? region,
        CancellationToken cancellationToken
    )
    {
        var products = await catalog.FindAsync([.. lines.Select(IdOf)], cancellationToken);
        if (products is null)
        {
            return OrderProblems.CatalogUnavailable(http, CatalogClient.RetryAfter);
        }

        // What cannot be ordered is shown, and costs nothing.
        var offered = lines.Where(line => products.ContainsKey(IdOf(line))).ToList();
        if (NewOrder.Check(offered, products) is { Count: > 0 } violations)
        {
            return OrderProblems.Invalid(violations, StatusCodes.Status422UnprocessableEntity);
        }

        var items = NewOrder.ItemsOf(offered, products);
        var former = await FormerNamesAsync([.. lines.Except(offered).Select(IdOf)], cancellationToken);
        var byProduct = items.ToDictionary(item => item.ProductId);
        return TypedResults.Ok(
            QuoteResponse.Of(
                [.. lines.Select(line => QuoteLine.Of(line!, byProduct, products, former))],
                Pricing.Of(items, region),
                taxIsKnown: region is not null,
                items.Count > 0 ? products[items[0].ProductId].Currency : null
            )
        );
    }

    /// <summary>The last names of the products that Catalog has removed; the others it never had, or not yet told of.</summary>
    private async Task<IReadOnlyDictionary<Guid, string?>> FormerNamesAsync(
        Guid[] ids,
        CancellationToken cancellationToken
    ) =>
        ids.Length == 0
            ? new Dictionary<Guid, string?>()
            : await db
                .ProductViews.Where(product => ids.Contains(product.ProductId))
                .ToDictionaryAsync(product => product.ProductId, product => product.Name, cancellationToken);

    private static Guid IdOf(OrderLineRequest? line) => line!.ProductId!.Value;
}
