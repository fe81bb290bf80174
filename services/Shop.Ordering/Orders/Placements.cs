using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;
using Shop.ServiceDefaults.Data;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.Ordering.Orders;

/// <summary>An order that is to be taken, with the record of the request's key if it had one.</summary>
internal sealed record Placement(Order Order, IdempotencyRecord? Record)
{
    /// <summary>The trace of the request, whoever stores its order.</summary>
    public Surroundings Request { get; } = Surroundings.Capture();
}

/// <summary>
/// Stores orders and starts their sagas; those that come while others are being stored share the next transaction.
/// </summary>
internal sealed class Placements
{
    private const int Limit = 32;

    private readonly IServiceScopeFactory _scopes;
    private readonly GroupCommit<Placement, bool> _transactions;

    public Placements(IServiceScopeFactory scopes)
    {
        _scopes = scopes;
        _transactions = new(StoreAsync, Limit);
    }

    /// <summary>Stores the order; together with others it may fail for their sake, and is then stored alone.</summary>
    /// <exception cref="Microsoft.EntityFrameworkCore.DbUpdateException">It was not stored: its key has been used, for one.</exception>
    public async Task StoreAsync(Placement placement, CancellationToken cancellationToken)
    {
        if (await _transactions.RunAsync(placement, cancellationToken) is null)
        {
            await StoreAsync([placement], cancellationToken);
        }
    }

    private async Task<bool[]> StoreAsync(IReadOnlyList<Placement> placements, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrderingDbContext>();
        var engine = scope.ServiceProvider.GetRequiredService<SagaEngine>();
        return await db.InTransactionAsync(
            () =>
            {
                foreach (var placement in placements)
                {
                    placement.Request.Run(() => Add(placement, db, engine));
                }
                return Task.FromResult(placements.Select(_ => true).ToArray());
            },
            cancellationToken
        );
    }

    private static void Add(Placement placement, OrderingDbContext db, SagaEngine engine)
    {
        db.Orders.Add(placement.Order);
        db.Sagas.Add(engine.Start(placement.Order));
        if (placement.Record is { } record)
        {
            db.IdempotencyRecords.Add(record);
        }
    }
}
