using Microsoft.EntityFrameworkCore;
using Npgsql;
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

    /// <summary>Stores the order, together with others if there are any.</summary>
    /// <returns>False if its key has been used, perhaps a moment ago; then nothing was stored.</returns>
    public async Task<bool> TryStoreAsync(Placement placement, CancellationToken cancellationToken)
    {
        try
        {
            return await _transactions.RunOrRunAloneAsync(placement, cancellationToken);
        }
        catch (DbUpdateException e)
            when (e.InnerException is PostgresException { SqlState: PostgresErrorCodes.UniqueViolation }
                && placement.Record is not null
            )
        {
            // A twin of the request was quicker by a moment; it has committed, or there were no violation.
            return false;
        }
    }

    private async Task<bool[]> StoreAsync(IReadOnlyList<Placement> placements, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<OrderingDbContext>();
        var engine = scope.ServiceProvider.GetRequiredService<SagaEngine>();
        return await db.InTransactionAsync(
            async () =>
            {
                var used = await UsedKeysAsync(placements, db, cancellationToken);
                var isNew = placements
                    .Select(one => one.Record is not { } record || !used.Contains((record.UserId, record.Key)))
                    .ToArray();
                foreach (var (placement, _) in placements.Zip(isNew).Where(one => one.Second))
                {
                    placement.Request.Run(() => Add(placement, db, engine));
                }
                return isNew;
            },
            cancellationToken
        );
    }

    private static async Task<HashSet<(Guid, string)>> UsedKeysAsync(
        IReadOnlyList<Placement> placements,
        OrderingDbContext db,
        CancellationToken cancellationToken
    )
    {
        var records = placements.Select(placement => placement.Record).OfType<IdempotencyRecord>().ToList();
        if (records.Count == 0)
        {
            return [];
        }

        Guid[] users = [.. records.Select(record => record.UserId)];
        string[] keys = [.. records.Select(record => record.Key)];
        var used = await db
            .IdempotencyRecords.FromSql(
                $"""
                SELECT record.* FROM idempotency_records AS record
                JOIN unnest({users}, {keys}) AS asked (user_id, key) USING (user_id, key)
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return [.. used.Select(record => (record.UserId, record.Key))];
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
