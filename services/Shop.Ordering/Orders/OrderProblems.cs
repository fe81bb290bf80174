using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Ordering.Domain;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Orders;

/// <summary>A broken rule: the field, the kind of problem (the last part of its type URI) and what to do.</summary>
internal sealed record Violation(string Field, string Kind, string Message);

/// <summary>Ordering's problem details (RFC 9457).</summary>
internal static class OrderProblems
{
    /// <summary>One problem for all violations; its type is theirs when they are of one kind.</summary>
    public static ProblemHttpResult Invalid(
        IReadOnlyCollection<Violation> violations,
        int status = StatusCodes.Status400BadRequest
    )
    {
        var kinds = violations.Select(violation => violation.Kind).Distinct().ToList();
        return Of(
            status,
            kinds is [var only] ? only : "invalid-order",
            "The order is not valid",
            kinds.Count == 1 ? violations.First().Message : "Correct the fields named in errors.",
            violations
                .GroupBy(violation => violation.Field)
                .ToDictionary(field => field.Key, field => field.Select(v => v.Message).ToArray())
        );
    }

    public static ProblemHttpResult Of(
        int status,
        string kind,
        string title,
        string detail,
        Dictionary<string, string[]>? errors = null
    ) =>
        TypedResults.Problem(
            detail,
            statusCode: status,
            title: title,
            type: Problems.TypeUri(kind),
            extensions: errors is null ? null : new Dictionary<string, object?> { ["errors"] = errors }
        );

    /// <summary>The total differs from what the shopper saw; carries the new prices, so that a page can show them.</summary>
    public static ProblemHttpResult PriceChanged(decimal expectedTotal, Order order)
    {
        var prices = OrderResponse.AsPlaced(order);
        return TypedResults.Problem(
            "Nothing was ordered. Show the new total and repeat the request with it as expectedTotal.",
            statusCode: StatusCodes.Status409Conflict,
            title: "The price has changed",
            type: Problems.TypeUri("price-changed"),
            extensions: new Dictionary<string, object?>
            {
                ["expectedTotal"] = expectedTotal,
                ["total"] = prices.Total,
                ["subtotal"] = prices.Subtotal,
                ["discount"] = prices.Discount,
                ["tax"] = prices.Tax,
                ["currency"] = prices.Currency,
                ["items"] = prices.Items,
            }
        );
    }

    public static ProblemHttpResult OrderNotFound() =>
        Of(
            StatusCodes.Status404NotFound,
            "order-not-found",
            "There is no such order",
            "Check the order's id, and that it was placed by the signed-in user."
        );

    public static ProblemHttpResult CatalogUnavailable(HttpContext http, TimeSpan retryAfter)
    {
        http.Response.Headers.RetryAfter = ((int)retryAfter.TotalSeconds).ToString(
            System.Globalization.CultureInfo.InvariantCulture
        );
        return Of(
            StatusCodes.Status503ServiceUnavailable,
            "catalog-unavailable",
            "Prices cannot be looked up at the moment",
            "Nothing was ordered. Try again after the time in Retry-After; the same Idempotency-Key is safe."
        );
    }
}
