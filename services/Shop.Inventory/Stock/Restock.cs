using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Data;

namespace Shop.Inventory.Stock;

/// <summary>The body of a restock.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RestockRequest([property: WholeNumber(1, RestockRequest.MaxQuantity)] int Quantity)
{
    public const int MaxQuantity = 100_000;
}

/// <summary>Use case: goods came in. A repeated request with the same Idempotency-Key books once.</summary>
internal static class Restock
{
    private const int MaxKey = 200;

    /// <summary><c>POST /api/inventory/{productId}/restock</c>.</summary>
    public static async Task<Results<Ok<StockView>, ProblemHttpResult>> HandleAsync(
        Guid productId,
        RestockRequest request,
        [FromHeader(Name = "Idempotency-Key")] string? idempotencyKey,
        InventoryDbContext db,
        StockLedger ledger,
        CancellationToken cancellationToken
    )
    {
        if (request.Quantity is < 1 or > RestockRequest.MaxQuantity)
        {
            return Invalid("quantity", WholeNumberAttribute.Rule(1, RestockRequest.MaxQuantity));
        }
        if (idempotencyKey is { Length: 0 or > MaxKey })
        {
            return Invalid("Idempotency-Key", $"Must have from 1 to {MaxKey} characters.");
        }

        var entry = await db.InTransactionAsync(
            () => BookAsync(db, ledger, productId, request.Quantity, idempotencyKey, cancellationToken),
            cancellationToken
        );
        if (entry is null)
        {
            return await db.FindStockAsync(productId, cancellationToken) is { Discontinued: true }
                ? Problems.Conflict(
                    "product-discontinued",
                    $"Product {productId} is no longer in the catalogue, so its stock is not refilled."
                )
                : GetStock.Unknown(productId);
        }
        return entry.ProductId == productId && entry.Quantity == request.Quantity
            ? TypedResults.Ok(await db.FindStockAsync(productId, cancellationToken))
            : Problems.Conflict(
                "idempotency-key-reused",
                "The Idempotency-Key was used for another restock; repeat that one unchanged or use a new key."
            );
    }

    private static ProblemHttpResult Invalid(string field, string rule) =>
        Problems.Validation(new Dictionary<string, string[]> { [field] = [rule] });

    // What is booked under the key, by this request or an earlier one; null when the product is unknown or discontinued.
    private static async Task<StockQuantity?> BookAsync(
        InventoryDbContext db,
        StockLedger ledger,
        Guid productId,
        int quantity,
        string? key,
        CancellationToken cancellationToken
    )
    {
        if (key is not null && await FindBookedAsync(db, key, cancellationToken) is { } booked)
        {
            return booked;
        }
        if (await db.FindStockAsync(productId, cancellationToken) is not { Discontinued: false })
        {
            return null;
        }
        var goods = new StockQuantity(productId, quantity);
        await db.TakeTurnAsync(cancellationToken);
        var shortages = await ledger.MoveAsync(
            StockMove.Received,
            [new StockBooking(OrderId: null, [goods], key)],
            cancellationToken
        );
        return shortages is [{ Count: 0 }] ? goods : null;
    }

    // Requests with the same key take turns, so the second one finds what the first has booked.
    private static async Task<StockQuantity?> FindBookedAsync(
        InventoryDbContext db,
        string key,
        CancellationToken cancellationToken
    )
    {
        await db.Database.ExecuteSqlAsync(
            $"select pg_advisory_xact_lock(hashtextextended({key}, 0))",
            cancellationToken
        );
        return await db
            .StockMovements.Where(movement => movement.IdempotencyKey == key)
            .Select(movement => new StockQuantity(movement.ProductId, movement.Quantity))
            .SingleOrDefaultAsync(cancellationToken);
    }
}
