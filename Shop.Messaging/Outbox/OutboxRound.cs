using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Storage;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Messaging;

/// <summary>
/// One round of a relay: a transaction that is open while its rows are being sent. Reading locks no row and makes no new
/// version of one, so a message costs the database its insertion and its deletion, and nothing else.
/// </summary>
internal sealed class OutboxRound(
    AsyncServiceScope scope,
    DbContext database,
    IDbContextTransaction transaction,
    IReadOnlyList<OutboxMessage> messages
) : IAsyncDisposable
{
    /// <summary>
    /// Waits for the turn (the lock's number reads "outb" in ASCII), which is a lease: the server ends the round of a relay that
    /// hangs, or whose machine is gone without a word. The commit is not waited for until it is on disk: should the server lose
    /// it, messages are sent again under the same ids. And the table is always nearly empty but has had many rows: whatever the
    /// statistics say of it at the moment, its indexes are the way.
    /// </summary>
    public static FormattableString Turn(TimeSpan lease) =>
        $"""
            SELECT set_config('idle_in_transaction_session_timeout', {$"{(long)lease.TotalMilliseconds}ms"}, true),
                set_config('synchronous_commit', 'off', true), set_config('enable_seqscan', 'off', true),
                pg_advisory_xact_lock(1869968482)
            """;

    /// <summary>The rows that were taken, in their order.</summary>
    public IReadOnlyList<OutboxMessage> Messages => messages;

    /// <summary>Forgets what was sent, has what could not be sent wait twice as long after each attempt, a minute at most, and ends the round.</summary>
    public async Task EndAsync(Guid[] sent, Guid[] unsent, CancellationToken cancellationToken)
    {
        if (sent.Length > 0)
        {
            await database.Database.ExecuteSqlAsync(
                $"DELETE FROM outbox_messages WHERE id = ANY({sent})",
                cancellationToken
            );
        }

        if (unsent.Length > 0)
        {
            // From now on; now() would be when the round began, before all that was waited for.
            await database.Database.ExecuteSqlAsync(
                $"""
                UPDATE outbox_messages
                SET attempts = attempts + 1,
                    available_at = clock_timestamp() + make_interval(secs => least(60, 0.25 * power(2, least(attempts + 1, 10))))
                WHERE id = ANY({unsent})
                """,
                cancellationToken
            );
        }

        await transaction.CommitAsync(cancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await transaction.DisposeAsync();
        await scope.DisposeAsync();
    }
}
