using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Messaging;

/// <summary>What the relay asks of the outbox's table; time is the database's, so that relays on machines with different clocks agree.</summary>
internal sealed class OutboxStore<TContext>(IServiceScopeFactory scopes, MessagingSettings settings)
    where TContext : DbContext
{
    /// <summary>
    /// Takes the oldest rows that are free. They are the caller's until the round ends; a process that dies ends it, too, and one
    /// that hangs loses it with its lease. Of the relays of a context one has a round at a time, and the others wait, so messages
    /// of an aggregate keep their order across replicas.
    /// </summary>
    public async Task<OutboxRound> BeginAsync(CancellationToken cancellationToken)
    {
        var scope = scopes.CreateAsyncScope();
        try
        {
            var database = scope.ServiceProvider.GetRequiredService<TContext>();
            var transaction = await database.Database.BeginTransactionAsync(cancellationToken);
            await database.Database.ExecuteSqlAsync(OutboxRound.Turn(settings.OutboxLease), cancellationToken);
            var messages = await TakeAsync(database, settings.OutboxBatch, cancellationToken);
            return new OutboxRound(scope, database, transaction, messages);
        }
        catch
        {
            await scope.DisposeAsync();
            throw;
        }
    }

    /// <summary>When the oldest row was added, if there is any.</summary>
    public async Task<DateTimeOffset?> OldestAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<TContext>()
            .Set<OutboxMessage>()
            .OrderBy(message => message.Id)
            .Select(message => (DateTimeOffset?)message.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
    }

    /// <summary>
    /// A row waits while another of the same aggregate to the same destination waits after a failure, so their order is kept.
    /// Those are few, have an index of their own and are looked up once for all candidates.
    /// </summary>
    private static Task<List<OutboxMessage>> TakeAsync(
        TContext database,
        int limit,
        CancellationToken cancellationToken
    ) =>
        database
            .Set<OutboxMessage>()
            .FromSql(
                $"""
                SELECT *
                FROM outbox_messages
                WHERE (available_at IS NULL OR available_at <= now())
                  AND (correlation_id, destination) NOT IN (
                      SELECT correlation_id, destination FROM outbox_messages WHERE available_at > now())
                ORDER BY id
                LIMIT {limit}
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
}
