using System.Text.Json.Nodes;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;

namespace Shop.Messaging;

/// <summary>
/// A context's queue and its dead letters, in tables of the context's database that belong to this transport and that no
/// service on the bus has. Each operation is one round trip and one transaction; time is the database's.
/// </summary>
internal sealed class QueueStore<TContext>(IServiceScopeFactory scopes)
    where TContext : DbContext
{
    /// <summary>Makes the tables where they are missing.</summary>
    public Task CreateAsync(CancellationToken cancellationToken) =>
        UseAsync(QueueSql.Create(), batch => batch.ExecuteNonQueryAsync(cancellationToken), cancellationToken);

    /// <summary>Puts messages in, in their order. One that is there already stays as it is.</summary>
    public Task PutAsync(IReadOnlyList<QueuedMessage> messages, CancellationToken cancellationToken) =>
        UseAsync([QueueSql.Put(messages)], batch => batch.ExecuteNonQueryAsync(cancellationToken), cancellationToken);

    /// <summary>
    /// One turn of a receiver: what was dealt with leaves, what failed waits, what is being handled stays the receiver's, and
    /// the oldest messages that are due become the receiver's.
    /// </summary>
    /// <param name="settled">Deliveries that have ended.</param>
    /// <param name="held">Messages whose lease is renewed.</param>
    /// <param name="limit">How many messages are taken at most.</param>
    /// <param name="lease">How long messages are the receiver's; others skip them until then.</param>
    /// <param name="cancellationToken">Limits it.</param>
    /// <returns>The messages taken, in their order.</returns>
    public async Task<IReadOnlyList<QueuedMessage>> TurnAsync(
        IReadOnlyList<Settled> settled,
        IReadOnlyCollection<Guid> held,
        int limit,
        TimeSpan lease,
        CancellationToken cancellationToken
    )
    {
        var commands = Settle(settled);
        if (held.Count > 0)
        {
            commands.Add(QueueSql.Renew(held, lease));
        }

        if (limit > 0)
        {
            commands.Add(QueueSql.Take(limit, lease));
        }

        return commands.Count == 0
            ? []
            : await UseAsync(commands, batch => ReadAsync(batch, cancellationToken), cancellationToken);
    }

    public Task<IReadOnlyList<DeadLetter>> PeekDeadLettersAsync(
        long from,
        int limit,
        CancellationToken cancellationToken
    ) =>
        UseAsync(
            [QueueSql.PeekDeadLetters(from, limit)],
            batch => ReadDeadLettersAsync(batch, cancellationToken),
            cancellationToken
        );

    public Task<int> CountDeadLettersAsync(int limit, CancellationToken cancellationToken) =>
        UseAsync(
            [QueueSql.CountDeadLetters(limit)],
            async batch => (int)(await batch.ExecuteScalarAsync(cancellationToken))!,
            cancellationToken
        );

    /// <summary>Puts one dead letter, or all if no number is given, into the queue again.</summary>
    /// <returns>How many.</returns>
    public Task<int> RedriveAsync(long? sequenceNumber, CancellationToken cancellationToken) =>
        UseAsync(
            [QueueSql.Redrive(sequenceNumber)],
            batch => batch.ExecuteNonQueryAsync(cancellationToken),
            cancellationToken
        );

    /// <summary>Removes a dead letter for good.</summary>
    /// <returns>How many, one or none.</returns>
    public Task<int> DiscardAsync(long sequenceNumber, CancellationToken cancellationToken) =>
        UseAsync(
            [QueueSql.Discard(sequenceNumber)],
            batch => batch.ExecuteNonQueryAsync(cancellationToken),
            cancellationToken
        );

    private static List<NpgsqlBatchCommand> Settle(IReadOnlyList<Settled> settled)
    {
        var commands = new List<NpgsqlBatchCommand>();
        var failed = settled.Where(one => one.Settlement is Settlement.Retry).ToList();
        var dead = settled
            .Where(one => one.Settlement is Settlement.DeadLetter)
            .Select(one => (one.Id, (Settlement.DeadLetter)one.Settlement))
            .ToList();
        if (failed.Count > 0)
        {
            commands.Add(QueueSql.Postpone(failed));
        }

        if (dead.Count > 0)
        {
            commands.Add(QueueSql.Bury(dead));
        }

        if (settled.Count > failed.Count + dead.Count)
        {
            commands.Add(
                QueueSql.Remove(
                    settled
                        .Where(one => one.Settlement is Settlement.Handled or Settlement.Duplicate)
                        .Select(one => one.Id)
                )
            );
        }

        return commands;
    }

    private static async Task<IReadOnlyList<QueuedMessage>> ReadAsync(
        NpgsqlBatch batch,
        CancellationToken cancellationToken
    )
    {
        var taken = new List<QueuedMessage>();
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            taken.Add(
                new QueuedMessage(
                    row.GetGuid(0),
                    row.GetString(1),
                    row.GetString(2),
                    row.GetString(3),
                    new TraceHeaders(Text(row, 4), Text(row, 5)),
                    row.GetFieldValue<DateTimeOffset>(6),
                    row.GetInt32(7)
                )
            );
        }

        // RETURNING has no order.
        taken.Sort((left, right) => left.Id.CompareTo(right.Id));
        return taken;
    }

    private static async Task<IReadOnlyList<DeadLetter>> ReadDeadLettersAsync(
        NpgsqlBatch batch,
        CancellationToken cancellationToken
    )
    {
        var letters = new List<DeadLetter>();
        await using var row = await batch.ExecuteReaderAsync(cancellationToken);
        while (await row.ReadAsync(cancellationToken))
        {
            letters.Add(
                new DeadLetter(
                    row.GetInt64(0),
                    row.GetGuid(1).ToString(),
                    row.GetString(2),
                    row.GetString(3),
                    row.GetString(4),
                    row.GetString(5),
                    row.GetInt32(6),
                    row.GetFieldValue<DateTimeOffset>(7),
                    row.IsDBNull(8) ? null : row.GetFieldValue<DateTimeOffset>(8)
                )
                {
                    Body = JsonNode.Parse(row.GetString(9)),
                }
            );
        }

        return letters;
    }

    private static string? Text(NpgsqlDataReader row, int column) =>
        row.IsDBNull(column) ? null : row.GetString(column);

    private async Task<T> UseAsync<T>(
        IReadOnlyList<NpgsqlBatchCommand> commands,
        Func<NpgsqlBatch, Task<T>> use,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var database = scope.ServiceProvider.GetRequiredService<TContext>().Database;
        await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch((NpgsqlConnection)database.GetDbConnection());
        foreach (var command in commands)
        {
            batch.BatchCommands.Add(command);
        }

        return await use(batch);
    }
}
