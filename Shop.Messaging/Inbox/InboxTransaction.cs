using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Messaging;

/// <summary>A message on its way to one handler.</summary>
internal sealed record Delivery(Subscription Handler, object Message, MessageContext Context)
{
    // The trace and the log scope of the delivery, wherever its handler comes to run.
    private readonly ExecutionContext? _surroundings = ExecutionContext.Capture();

    /// <summary>Calls the handler in the surroundings in which the message was delivered.</summary>
    public Task HandleAsync(IServiceProvider services, CancellationToken cancellationToken)
    {
        if (_surroundings is null)
        {
            return Handler.HandleAsync(services, Message, Context, cancellationToken);
        }

        Task? handling = null;
        ExecutionContext.Run(
            _surroundings,
            _ => handling = Handler.HandleAsync(services, Message, Context, cancellationToken),
            state: null
        );
        return handling!;
    }
}

/// <summary>
/// The inbox entries, the handlers' changes and their outbox rows are committed together or not at all (idempotent consumer).
/// </summary>
internal sealed class InboxTransaction<TContext>(IServiceScopeFactory scopes)
    where TContext : DbContext
{
    /// <summary>
    /// Handles deliveries one after the other in one transaction. What each handler changed is saved before the next one is
    /// called, so that it sees the database as if they had been committed one by one.
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
        var isNew = new bool[deliveries.Count];
        for (var i = 0; i < isNew.Length; i++)
        {
            isNew[i] = entered.Remove((deliveries[i].Context.MessageId, deliveries[i].Handler.HandlerName));
            if (isNew[i])
            {
                await deliveries[i].HandleAsync(scope.ServiceProvider, end.Token);
                await database.SaveChangesAsync(end.Token);
                database.ChangeTracker.Clear();
            }
        }

        await transaction.CommitAsync(end.Token);
        return isNew;
    }

    // A delivery of the same message at the same time waits here for the other's end, and then knows.
    private static async Task<HashSet<(string, string)>> EnterAsync(
        TContext database,
        IReadOnlyList<Delivery> deliveries,
        CancellationToken cancellationToken
    )
    {
        string[] ids = [.. deliveries.Select(delivery => delivery.Context.MessageId)];
        string[] handlers = [.. deliveries.Select(delivery => delivery.Handler.HandlerName)];
        var entered = await database
            .Set<InboxMessage>()
            .FromSql(
                $"""
                INSERT INTO inbox_messages (message_id, handler)
                SELECT * FROM unnest({ids}, {handlers})
                ON CONFLICT DO NOTHING
                RETURNING *
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        return [.. entered.Select(entry => (entry.MessageId, entry.Handler))];
    }
}
