using Npgsql;
using NpgsqlTypes;

namespace Shop.Messaging;

/// <summary>The statements of a queue.</summary>
internal static class QueueSql
{
    public static IReadOnlyList<NpgsqlBatchCommand> Create() =>
        [
            // Processes that start at once take turns. The number is the ASCII of "queue".
            new("SELECT pg_advisory_xact_lock(x'7175657565'::bigint)"),
            new(
                """
                CREATE TABLE IF NOT EXISTS queue_messages (
                    id uuid PRIMARY KEY,
                    type text NOT NULL,
                    body json NOT NULL,
                    correlation_id text NOT NULL,
                    traceparent text,
                    tracestate text,
                    created_at timestamptz NOT NULL,
                    available_at timestamptz NOT NULL,
                    deliveries integer NOT NULL DEFAULT 0,
                    redriven_at timestamptz)
                """
            ),
            new("CREATE INDEX IF NOT EXISTS ix_queue_messages_available_at_id ON queue_messages (available_at, id)"),
            new(
                """
                CREATE TABLE IF NOT EXISTS dead_letters (
                    id uuid PRIMARY KEY,
                    sequence_number bigint GENERATED ALWAYS AS IDENTITY UNIQUE,
                    type text NOT NULL,
                    body json NOT NULL,
                    correlation_id text NOT NULL,
                    traceparent text,
                    tracestate text,
                    created_at timestamptz NOT NULL,
                    deliveries integer NOT NULL,
                    reason text NOT NULL,
                    description text NOT NULL,
                    dead_at timestamptz NOT NULL DEFAULT now(),
                    redriven_at timestamptz)
                """
            ),
        ];

    public static NpgsqlBatchCommand Put(IReadOnlyList<QueuedMessage> messages) =>
        Command(
            """
            INSERT INTO queue_messages
                (id, type, body, correlation_id, traceparent, tracestate, created_at, available_at)
            SELECT id, type, body, correlation_id, traceparent, tracestate, created_at, greatest(now(), deliver_at)
            FROM unnest($1, $2, $3, $4, $5, $6, $7, $8)
                AS message (id, type, body, correlation_id, traceparent, tracestate, created_at, deliver_at)
            ON CONFLICT (id) DO NOTHING
            """,
            Array(NpgsqlDbType.Uuid, messages.Select(message => message.Id)),
            Array(NpgsqlDbType.Text, messages.Select(message => message.Type)),
            Array(NpgsqlDbType.Json, messages.Select(message => message.Body)),
            Array(NpgsqlDbType.Text, messages.Select(message => message.CorrelationId)),
            Array(NpgsqlDbType.Text, messages.Select(message => message.Trace.Parent)),
            Array(NpgsqlDbType.Text, messages.Select(message => message.Trace.State)),
            Array(NpgsqlDbType.TimestampTz, messages.Select(message => message.CreatedAt)),
            Array(NpgsqlDbType.TimestampTz, messages.Select(message => message.DeliverAt))
        );

    /// <summary>Receivers at work side by side skip each other's messages.</summary>
    public static NpgsqlBatchCommand Take(int limit, TimeSpan lease) =>
        Command(
            """
            UPDATE queue_messages AS message
            SET available_at = now() + $1, deliveries = deliveries + 1
            FROM (
                SELECT id
                FROM queue_messages
                WHERE available_at <= now()
                ORDER BY available_at, id
                LIMIT $2
                FOR UPDATE SKIP LOCKED) AS due
            WHERE message.id = due.id
            RETURNING
                message.id, type, body::text, correlation_id, traceparent, tracestate, created_at, deliveries
            """,
            new() { Value = lease },
            new() { Value = limit }
        );

    public static NpgsqlBatchCommand Renew(IEnumerable<Guid> held, TimeSpan lease) =>
        Command(
            "UPDATE queue_messages SET available_at = now() + $1 WHERE id = ANY($2)",
            new() { Value = lease },
            Array(NpgsqlDbType.Uuid, held)
        );

    public static NpgsqlBatchCommand Remove(IEnumerable<Guid> ids) =>
        Command("DELETE FROM queue_messages WHERE id = ANY($1)", Array(NpgsqlDbType.Uuid, ids));

    public static NpgsqlBatchCommand Postpone(IReadOnlyList<Settled> failed) =>
        Command(
            """
            UPDATE queue_messages AS message
            SET available_at = now() + failed.pause
            FROM unnest($1, $2) AS failed (id, pause)
            WHERE message.id = failed.id
            """,
            Array(NpgsqlDbType.Uuid, failed.Select(one => one.Id)),
            Array(NpgsqlDbType.Interval, failed.Select(one => one.Pause))
        );

    public static NpgsqlBatchCommand Bury(IReadOnlyList<(Guid Id, Settlement.DeadLetter Letter)> dead) =>
        Command(
            """
            WITH dead AS (
                DELETE FROM queue_messages AS message
                USING unnest($1, $2, $3) AS letter (id, reason, description)
                WHERE message.id = letter.id
                RETURNING message.*, letter.reason, letter.description)
            INSERT INTO dead_letters
                (id, type, body, correlation_id, traceparent, tracestate, created_at, deliveries, reason, description,
                 redriven_at)
            SELECT
                id, type, body, correlation_id, traceparent, tracestate, created_at, deliveries, reason, description,
                redriven_at
            FROM dead
            ON CONFLICT (id) DO NOTHING
            """,
            Array(NpgsqlDbType.Uuid, dead.Select(one => one.Id)),
            Array(NpgsqlDbType.Text, dead.Select(one => one.Letter.Reason)),
            Array(NpgsqlDbType.Text, dead.Select(one => one.Letter.Description))
        );

    public static NpgsqlBatchCommand PeekDeadLetters(long from, int limit) =>
        Command(
            """
            SELECT
                sequence_number, id, type, correlation_id, reason, description, deliveries, created_at, redriven_at,
                body::text
            FROM dead_letters
            WHERE sequence_number >= $1
            ORDER BY sequence_number
            LIMIT $2
            """,
            new() { Value = from },
            new() { Value = limit }
        );

    public static NpgsqlBatchCommand CountDeadLetters(int limit) =>
        Command(
            "SELECT count(*)::int FROM (SELECT FROM dead_letters LIMIT $1) AS letter",
            new NpgsqlParameter { Value = limit }
        );

    /// <summary>Puts dead letters into the queue again: one of them, or all if no number is given.</summary>
    public static NpgsqlBatchCommand Redrive(long? sequenceNumber) =>
        Command(
            """
            WITH letter AS (
                DELETE FROM dead_letters
                WHERE $1 IS NULL OR sequence_number = $1
                RETURNING *)
            INSERT INTO queue_messages
                (id, type, body, correlation_id, traceparent, tracestate, created_at, available_at, redriven_at)
            SELECT id, type, body, correlation_id, traceparent, tracestate, created_at, now(), now()
            FROM letter
            ON CONFLICT (id) DO NOTHING
            """,
            new NpgsqlParameter { NpgsqlDbType = NpgsqlDbType.Bigint, Value = (object?)sequenceNumber ?? DBNull.Value }
        );

    /// <summary>Removes a dead letter.</summary>
    public static NpgsqlBatchCommand Discard(long sequenceNumber) =>
        Command("DELETE FROM dead_letters WHERE sequence_number = $1", new NpgsqlParameter { Value = sequenceNumber });

    private static NpgsqlBatchCommand Command(string sql, params ReadOnlySpan<NpgsqlParameter> parameters)
    {
        var command = new NpgsqlBatchCommand(sql);
        foreach (var parameter in parameters)
        {
            command.Parameters.Add(parameter);
        }

        return command;
    }

    private static NpgsqlParameter Array<T>(NpgsqlDbType type, IEnumerable<T> values) =>
        new() { NpgsqlDbType = NpgsqlDbType.Array | type, Value = values.ToArray() };
}
