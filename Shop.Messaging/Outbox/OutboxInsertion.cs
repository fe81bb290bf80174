using System.Runtime.CompilerServices;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Diagnostics;
using OpenTelemetry;
using Shop.ServiceDefaults.Data;

namespace Shop.Messaging;

/// <summary>
/// Inserts the many messages that a batch of work leaves with one statement, where Entity Framework would take one for each:
/// whoever handles a dozen messages at once answers with two dozen. Within a transaction only, as the statement follows that
/// which saves the changes.
/// </summary>
internal sealed class OutboxInsertion(OutboxSignal signal) : SaveChangesInterceptor
{
    // Fewer are cheaper among the statements that are sent anyway, as this one is a round trip of its own.
    private const int Few = 4;

    private readonly ConditionalWeakTable<DbContext, List<EntityEntry<OutboxMessage>>> _insertions = [];

    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        if (eventData.Context is { Database.CurrentTransaction: not null } database && signal.IsExpected(database))
        {
            // Messages are added and never changed, so there is nothing to detect.
            var added = database
                .ChangeTracker.KnownEntries<OutboxMessage>()
                .FindAll(message => message.State == EntityState.Added);
            if (added.Count > Few)
            {
                added.ForEach(message => message.State = EntityState.Unchanged);
                _insertions.AddOrUpdate(database, added);
            }
        }

        return ValueTask.FromResult(result);
    }

    public override async ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        if (eventData.Context is { } database && _insertions.Remove(database, out var added))
        {
            try
            {
                await InsertAsync(database, added.ConvertAll(message => message.Entity), cancellationToken);
            }
            catch
            {
                added.ForEach(message => message.State = EntityState.Added);
                throw;
            }

            result += added.Count;
        }

        return result;
    }

    public override Task SaveChangesFailedAsync(
        DbContextErrorEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        // Whoever saves again, after a conflict for example, saves them, too.
        if (eventData.Context is { } database && _insertions.Remove(database, out var added))
        {
            added.ForEach(message => message.State = EntityState.Added);
        }

        return Task.CompletedTask;
    }

    private static async Task<int> InsertAsync(
        DbContext database,
        List<OutboxMessage> messages,
        CancellationToken cancellationToken
    )
    {
        Guid[] ids = [.. messages.Select(message => message.Id)];
        string[] types = [.. messages.Select(message => message.Type)];
        string[] destinations = [.. messages.Select(message => message.Destination)];
        string[] bodies = [.. messages.Select(message => message.Body)];
        string[] correlationIds = [.. messages.Select(message => message.CorrelationId)];
        string?[] traceParents = [.. messages.Select(message => message.TraceParent)];
        string?[] traceStates = [.. messages.Select(message => message.TraceState)];
        DateTimeOffset?[] deliverAt = [.. messages.Select(message => message.DeliverAt)];
        DateTimeOffset[] createdAt = [.. messages.Select(message => message.CreatedAt)];
        // Each message's own span tells more.
        using var untraced = SuppressInstrumentationScope.Begin();
        return await database.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO outbox_messages
                (id, type, destination, body, correlation_id, traceparent, tracestate, deliver_at, created_at, attempts)
            SELECT id, type, destination, body::json, correlation_id, traceparent, tracestate, deliver_at, created_at, 0
            FROM unnest({ids}, {types}, {destinations}, {bodies}, {correlationIds}, {traceParents}, {traceStates},
                    {deliverAt}, {createdAt})
                AS message (id, type, destination, body, correlation_id, traceparent, tracestate, deliver_at, created_at)
            """,
            cancellationToken
        );
    }
}
