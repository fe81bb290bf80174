using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using OpenTelemetry;

namespace Shop.Messaging;

/// <summary>
/// The inbox entries, the handlers' changes and their outbox rows are committed together or not at all (idempotent consumer).
/// </summary>
internal sealed class InboxTransaction<TContext>(IServiceScopeFactory scopes)
    where TContext : DbContext
{
    /// <summary>
    /// Handles deliveries one after the other in one transaction, those together whose handler takes batches. What each handler
    /// changed is saved before the next one is called, so that it sees the database as if they had been committed one by one.
    /// </summary>
    /// <param name="deliveries">At least one.</param>
    /// <param name="limit">The time for all of them.</param>
    /// <param name="cancellationToken">Stops it; then nothing was changed.</param>
    /// <returns>For each, false if its handler has had this message before; then it changed nothing.</returns>
    public async Task<bool[]> RunAsync(
        IReadOnlyList<Delivery> deliveries,
        TimeSpan limit,
        CancellationToken cancellationToken
    )
    {
        using var end = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        end.CancelAfter(limit);
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>();
        await using var transaction = await database.Database.BeginTransactionAsync(end.Token);
        // A failure ends the whole transaction; a savepoint around each saving would only cost two more statements.
        database.Database.AutoSavepointsEnabled = false;

        var entered = await EnterAsync(database, deliveries, end.Token);
        var isNew = deliveries
            .Select(delivery => entered.Remove((delivery.Context.MessageId, delivery.Handler.HandlerName)))
            .ToArray();
        // Handler by handler, and within that in the order of arrival.
        foreach (var group in deliveries.Where((_, i) => isNew[i]).GroupBy(delivery => delivery.Handler))
        {
            foreach (var together in group.Chunk(group.Key.TakesBatches ? isNew.Length : 1))
            {
                await group.Key.HandleAsync(scope.ServiceProvider, together, end.Token);
                await database.SaveChangesAsync(end.Token);
                database.ChangeTracker.Clear();
            }
        }

        await transaction.CommitAsync(end.Token);
        return isNew;
    }

    // A delivery of the same message at the same time waits here for the other's end, and then knows. In one order, so that
    // of two replicas that got the same messages none waits for the other in a circle.
    private static async Task<HashSet<(string, string)>> EnterAsync(
        TContext database,
        IReadOnlyList<Delivery> deliveries,
        CancellationToken cancellationToken
    )
    {
        // In every trace, and always the same.
        using var untraced = SuppressInstrumentationScope.Begin();
        string[] ids = [.. deliveries.Select(delivery => delivery.Context.MessageId)];
        string[] handlers = [.. deliveries.Select(delivery => delivery.Handler.HandlerName)];
        var entered = await database
            .Set<InboxMessage>()
            .FromSql(
                $"""
                INSERT INTO inbox_messages (message_id, handler)
                SELECT * FROM unnest({ids}, {handlers}) AS delivery (message_id, handler)
                ORDER BY message_id, handler
                ON CONFLICT DO NOTHING
                RETURNING *
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return [.. entered.Select(entry => (entry.MessageId, entry.Handler))];
    }
}
