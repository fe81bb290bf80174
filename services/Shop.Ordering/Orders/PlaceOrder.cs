using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.Ordering.Catalog;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Orders;

/// <summary><c>POST /api/orders</c>: takes an order and starts its saga, once per <c>Idempotency-Key</c>.</summary>
internal sealed class PlaceOrder(OrderingDbContext db, CatalogClient catalog, SagaEngine engine, TimeProvider time)
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

        if (OrderValidation.Check(request!) is { Count: > 0 } violations)
        {
            return OrderProblems.Invalid(violations);
        }

        if (OrderValidation.CheckRegion(request!.ShippingAddress!, out var region) is { } unknown)
        {
            return OrderProblems.Invalid([unknown], StatusCodes.Status422UnprocessableEntity);
        }

        var command = new Command(user.GetUserId(), key, request, region!);
        return await useCase.PlaceAsync(http, command, cancellationToken);
    }

    private sealed record Command(Guid UserId, string Key, PlaceOrderRequest Request, Region Region)
    {
        public byte[] Hash { get; } = IdempotencyRecord.Hash(Request);
    }

    private static readonly Violation InvalidKey = new(
        IdempotencyRecord.Header,
        "invalid-idempotency-key",
        $"Has to be 1 to {IdempotencyRecord.MaxKeyLength} printable ASCII characters, such as a UUID."
    );

    private async Task<IResult> PlaceAsync(HttpContext http, Command command, CancellationToken cancellationToken)
    {
        if (await AnswerAgainAsync(http, command, cancellationToken) is { } answer)
        {
            return answer;
        }

        var lines = command.Request.Items!;
        var products = await catalog.FindAsync([.. lines.Select(line => line!.ProductId!.Value)], cancellationToken);
        if (products is null)
        {
            return OrderProblems.CatalogUnavailable(http, CatalogClient.RetryAfter);
        }

        if (NewOrder.Check(lines, products) is { Count: > 0 } violations)
        {
            return OrderProblems.Invalid(violations, StatusCodes.Status422UnprocessableEntity);
        }

        var order = NewOrder.Of(command.UserId, command.Request, command.Region, products, time.Now());
        Add(order, command);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return Created(OrderResponse.AsPlaced(order));
        }
        catch (DbUpdateException e)
            when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
                && command.Key.Length > 0
            )
        {
            // A twin of this request was quicker by a moment; it has committed, or there were no violation.
            db.ChangeTracker.Clear();
            return await AnswerAgainAsync(http, command, cancellationToken)
                ?? throw new InvalidOperationException("The idempotency record vanished.", e);
        }
    }

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

    private void Add(Order order, Command command)
    {
        db.Orders.Add(order);
        db.Sagas.Add(engine.Start(order));
        if (command.Key.Length > 0)
        {
            db.IdempotencyRecords.Add(new(command.UserId, command.Key, command.Hash, order.Id, order.CreatedAt));
        }
    }

    private static Created<OrderResponse> Created(OrderResponse order) =>
        TypedResults.Created($"/api/orders/{order.Id}", order);
}
