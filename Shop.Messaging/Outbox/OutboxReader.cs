using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Messaging;

/// <summary>What waits in an outbox, as an operator sees it.</summary>
/// <param name="Pending">How many messages wait, counted up to 10,000.</param>
/// <param name="OldestAt">When the oldest of them was added; null if none waits.</param>
/// <param name="LagSeconds">How long that one has been waiting; 0 if none waits.</param>
/// <param name="Failed">Those that could not be sent and are tried again, the oldest first, at most 100.</param>
internal sealed record OutboxState(
    int Pending,
    DateTimeOffset? OldestAt,
    double LagSeconds,
    IReadOnlyList<UnsentMessage> Failed
);

/// <summary>A message that could not be sent; the service's log says why.</summary>
/// <param name="MessageId">Its id on the bus.</param>
/// <param name="Type">The CloudEvents type.</param>
/// <param name="Destination">The topic or queue.</param>
/// <param name="CorrelationId">The id of the aggregate it is about.</param>
/// <param name="CreatedAt">When it was added.</param>
/// <param name="Attempts">How often it could not be sent.</param>
/// <param name="NextAttemptAt">When it is tried again.</param>
internal sealed record UnsentMessage(
    Guid MessageId,
    string Type,
    string Destination,
    string CorrelationId,
    DateTimeOffset CreatedAt,
    int Attempts,
    DateTimeOffset NextAttemptAt
);

/// <summary>Looks into a context's outbox.</summary>
internal abstract class OutboxReader(string context)
{
    /// <summary>More are not told apart.</summary>
    public const int MaxCounted = 10_000;

    /// <summary>The most failed messages that are listed.</summary>
    public const int MaxListed = 100;

    /// <summary>The context's name.</summary>
    public string Context { get; } = context;

    public abstract Task<OutboxState> ReadAsync(CancellationToken cancellationToken);
}

internal sealed class OutboxReader<TContext>(
    MessagingContext<TContext> context,
    IServiceScopeFactory scopes,
    TimeProvider time
) : OutboxReader(context.Name)
    where TContext : DbContext
{
    public override async Task<OutboxState> ReadAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var waiting = scope
            .ServiceProvider.GetRequiredService<TContext>()
            .Set<OutboxMessage>()
            .AsNoTracking()
            .OrderBy(message => message.Id);
        var oldest = await waiting
            .Select(message => (DateTimeOffset?)message.CreatedAt)
            .FirstOrDefaultAsync(cancellationToken);
        var pending = await waiting.Take(MaxCounted).CountAsync(cancellationToken);
        var failed = await waiting
            .Where(message => message.AvailableAt != null)
            .Take(MaxListed)
            .Select(message => new UnsentMessage(
                message.Id,
                message.Type,
                message.Destination,
                message.CorrelationId,
                message.CreatedAt,
                message.Attempts,
                message.AvailableAt!.Value
            ))
            .ToListAsync(cancellationToken);
        var lag = oldest is { } since ? time.GetUtcNow() - since : TimeSpan.Zero;
        // The clock of the machine that added it may be ahead.
        return new OutboxState(pending, oldest, Math.Max(lag.TotalSeconds, 0), failed);
    }
}
