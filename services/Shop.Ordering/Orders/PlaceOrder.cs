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
internal sealed class PlaceOrder(
    OrderingDbContext db,
    CatalogClient catalog,
    SagaEngine engine,
    TimeProvider time
)
{
    public static async Task<IResult> HandleAsync(
        HttpContext http,
        ClaimsPrincipal user,
        PlaceOrder useCase,
        CancellationToken cancellationToken
    )
    {
        var (request, problem) = await OrderBody.ReadAsync<PlaceOrderRequest>(
            http.Request,
            cancellationToken
        );
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

    private async Task<IResult> PlaceAsync(
        HttpContext http,
        Command command,
        CancellationToken cancellationToken
    )
    {
        if (await AnswerAgainAsync(http, command, cancellationToken) is { } answer)
        {
            return answer;
        }

        var lines = command.Request.Items!;
        var products = await catalog.FindAsync(
            [.. lines.Select(line => line!.ProductId!.Value)],
            cancellationToken
        );
        if (products is null)
        {
            return OrderProblems.CatalogUnavailable(http, CatalogClient.RetryAfter);
        }

        if (CheckProducts(lines, products) is { Count: > 0 } violations)
        {
            return OrderProblems.Invalid(violations, StatusCodes.Status422UnprocessableEntity);
        }

        var order = Create(command, products);
        Add(order, command);
        try
        {
            await db.SaveChangesAsync(cancellationToken);
            return Created(OrderResponse.AsPlaced(order));
        }
        catch (DbUpdateException e)
            when (e.InnerException
                    is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
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
            .SingleOrDefaultAsync(
                r => r.UserId == command.UserId && r.Key == command.Key,
                cancellationToken
            );
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

    private static List<Violation> CheckProducts(
        IReadOnlyList<OrderLineRequest?> lines,
        IReadOnlyDictionary<Guid, CatalogProduct> products
    )
    {
        List<Violation> violations =
        [
            .. lines
                .Index()
                .Where(line => !products.ContainsKey(line.Item!.ProductId!.Value))
                .Select(line => new Violation(
                    $"items[{line.Index}].productId",
                    "unknown-product",
                    "Catalog has no such product."
                )),
        ];
        if (violations.Count > 0)
        {
            return violations;
        }

        if (products.Values.Select(product => product.Currency).Distinct().Count() > 1)
        {
            violations.Add(
                new("items", "mixed-currencies", "All products of an order need the same currency.")
            );
        }

        if (lines.Sum(Price) > Order.MaxSubtotal)
        {
            violations.Add(
                new("items", "order-too-large", $"An order is worth at most {Order.MaxSubtotal}.")
            );
        }

        return violations;

        decimal Price(OrderLineRequest? line) =>
            products[line!.ProductId!.Value].Price * line.Quantity!.Value;
    }

    private Order Create(Command command, IReadOnlyDictionary<Guid, CatalogProduct> products)
    {
        var items = command
            .Request.Items!.Select(
                (line, index) =>
                {
                    var product = products[line!.ProductId!.Value];
                    return new OrderItem(
                        index + 1,
                        product.Id,
                        product.Name,
                        product.Price,
                        line.Quantity!.Value
                    );
                }
            )
            .ToList();
        var address = command.Request.ShippingAddress!;
        return Order.Place(
            Guid.CreateVersion7(time.GetUtcNow()),
            command.UserId,
            items,
            products[items[0].ProductId].Currency,
            new ShippingAddress(
                address.Name!,
                address.Street!,
                address.City!,
                address.PostalCode!,
                address.Region!,
                address.Country!
            ),
            command.Region,
            command.Request.PaymentMethod!,
            Microseconds(time.GetUtcNow())
        );
    }

    // PostgreSQL keeps microseconds; the first answer and a repeated one shall be the same to the last digit.
    private static DateTimeOffset Microseconds(DateTimeOffset now) =>
        now.AddTicks(-(now.Ticks % TimeSpan.TicksPerMicrosecond));

    private void Add(Order order, Command command)
    {
        db.Orders.Add(order);
        db.Sagas.Add(engine.Start(order));
        if (command.Key.Length > 0)
        {
            db.IdempotencyRecords.Add(
                new(command.UserId, command.Key, command.Hash, order.Id, order.CreatedAt)
            );
        }
    }

    private static Created<OrderResponse> Created(OrderResponse order) =>
        TypedResults.Created($"/api/orders/{order.Id}", order);
}
