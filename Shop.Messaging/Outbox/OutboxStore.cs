using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Messaging;

/// <summary>
/// What relays do with the rows. Each operation is one statement and its own transaction; time is the database's, so that
/// relays on machines with different clocks agree.
/// </summary>
internal sealed class OutboxStore<TContext>(IServiceScopeFactory scopes)
    where TContext : DbContext
{
    /// <summary>
    /// Takes the oldest rows that are free, for the duration of a lease. Relays at work side by side skip each other's rows. A
    /// row waits while another of the same aggregate to the same destination is on its way or has failed, so their order is
    /// kept. Those are few and looked up once for all candidates: asked of each candidate, a backlog would cost its square.
    /// </summary>
    public async Task<IReadOnlyList<OutboxMessage>> ClaimAsync(
        int limit,
        TimeSpan lease,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>();
        var claimed = await database
            .Set<OutboxMessage>()
            .FromSql(
                $"""
                UPDATE outbox_messages AS message
                SET available_at = now() + {lease}, attempts = attempts + 1
                FROM (
                    SELECT id
                    FROM outbox_messages
                    WHERE available_at <= now()
                      AND (correlation_id, destination) NOT IN (
                          SELECT correlation_id, destination FROM outbox_messages WHERE available_at > now())
                    ORDER BY id
                    LIMIT {limit}
                    FOR UPDATE SKIP LOCKED) AS claimed
                WHERE message.id = claimed.id
                RETURNING message.*
                """
            )
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        // RETURNING has no order.
        claimed.Sort((left, right) => left.Id.CompareTo(right.Id));
        return claimed;
    }

    /// <summary>Forgets what was sent.</summary>
    public Task DeleteAsync(Guid[] ids, CancellationToken cancellationToken) =>
        ExecuteAsync($"DELETE FROM outbox_messages WHERE id = ANY({ids})", cancellationToken);

    /// <summary>Has what could not be sent wait, twice as long after each attempt, a minute at most.</summary>
    public Task PostponeAsync(Guid[] ids, CancellationToken cancellationToken) =>
        ExecuteAsync(
            $"""
            UPDATE outbox_messages
            SET available_at = now() + make_interval(secs => least(60, 0.25 * power(2, least(attempts, 10))))
            WHERE id = ANY({ids})
            """,
            cancellationToken
        );

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

    private async Task ExecuteAsync(FormattableString sql, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<TContext>().Database.ExecuteSqlAsync(sql, cancellationToken);
    }
}
