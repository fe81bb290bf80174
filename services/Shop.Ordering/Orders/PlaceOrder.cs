using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Catalog;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Orders;

/// <summary><c>POST /api/orders</c>: takes an order and starts its saga, once per <c>Idempotency-Key</c>.</summary>
internal sealed class PlaceOrder(OrderingDbContext db, CatalogClient catalog, Placements placements, TimeProvider time)
{
    public static async Task<IResult> HandleAsync(
        HttpContext http,
        ClaimsPrincipal user,
        PlaceOrder useCase,
        CancellationToken cancellationToken
    )
    {
        var (request, problem) = await OrderBody.ReadAsync<PlaceOrderRequest>(http.Request, cancellationToken);
        if (problem is not null)
        {
            return problem;
        }

        var key = http.Request.Headers[IdempotencyRecord.Header].ToString();
        if (key.Length > 0 && !IdempotencyRecord.IsValidKey(key))
        {
            return OrderProblems.Invalid([InvalidKey]);
        }

        request = request! with { ShippingAddress = request.ShippingAddress?.Tidied() };
        if (OrderValidation.Check(request) is { Count: > 0 } violations)
        {
            return OrderProblems.Invalid(violations);
        }

        if (OrderValidation.CheckRegion(request.ShippingAddress!, out var region) is { } unknown)
        {
            return OrderProblems.Invalid([unknown], StatusCodes.Status422UnprocessableEntity);
        }

        var command = new Command(user.GetUserId(), key, request, region!);
        return await useCase.PlaceAsync(http, command, cancellationToken);
    }

    private sealed record Command(Guid UserId, string Key, PlaceOrderRequest Request, Region Region)
    {
        public byte[] Hash { get; } = IdempotencyRecord.Hash(Request);

        public IdempotencyRecord? RecordOf(Order order) =>
            Key.Length > 0 ? new(UserId, Key, Hash, order.Id, order.CreatedAt) : null;
    }

    private static readonly Violation InvalidKey = new(
        IdempotencyRecord.Header,
        "invalid-idempotency-key",
        $"Has to be 1 to {IdempotencyRecord.MaxKeyLength} printable ASCII characters, such as a UUID."
    );

    private async Task<IResult> PlaceAsync(HttpContext http, Command command, CancellationToken cancellationToken)
    {
        var lines = command.Request.Items!;
        var products = await catalog.FindAsync([.. lines.Select(line => line!.ProductId!.Value)], cancellationToken);
        if (products is null)
        {
            return await AnswerAgainAsync(http, command, cancellationToken)
                ?? OrderProblems.CatalogUnavailable(http, CatalogClient.RetryAfter);
        }

        if (NewOrder.Check(lines, products) is { Count: > 0 } violations)
        {
            return await AnswerAgainAsync(http, command, cancellationToken)
                ?? OrderProblems.Invalid(violations, StatusCodes.Status422UnprocessableEntity);
        }

        var order = NewOrder.Of(command.UserId, command.Request, command.Region, products, time.Now());
        if (command.Request.ExpectedTotal is { } expected && expected != order.Total)
        {
            return await AnswerAgainAsync(http, command, cancellationToken)
                ?? OrderProblems.PriceChanged(expected, order);
        }

        var placement = new Placement(order, command.RecordOf(order));
        return await placements.TryStoreAsync(placement, cancellationToken)
            ? Created(OrderResponse.AsPlaced(order))
            : await AnswerAgainAsync(http, command, cancellationToken)
                ?? throw new InvalidOperationException("The idempotency record vanished.");
    }

    /// <summary>The answer to a request whose key has been used; null if it has not. Asked only where an order cannot be stored.</summary>
    private async Task<IResult?> AnswerAgainAsync(
        HttpContext http,
        Command command,
        CancellationToken cancellationToken
    )
    {
        if (command.Key.Length == 0)
        {
            return null;
        }

        var record = await db
            .IdempotencyRecords.AsNoTracking()
            .SingleOrDefaultAsync(r => r.UserId == command.UserId && r.Key == command.Key, cancellationToken);
        if (record is null)
        {
            return null;
        }

        if (!record.IsFor(command.Hash))
        {
            return OrderProblems.Of(
                StatusCodes.Status409Conflict,
                "idempotency-key-reused",
                "The Idempotency-Key was used for another order",
                "Repeat the request with the same body, or send a new key with a new order."
            );
        }

        var order = await db
            .Orders.AsNoTracking()
            .Include(o => o.Items)
            .SingleAsync(o => o.Id == record.OrderId, cancellationToken);
        http.Response.Headers[IdempotencyRecord.ReplayedHeader] = "true";
        return Created(OrderResponse.AsPlaced(order));
    }

    private static Created<OrderResponse> Created(OrderResponse order) =>
        TypedResults.Created($"/api/orders/{order.Id}", order);
}
