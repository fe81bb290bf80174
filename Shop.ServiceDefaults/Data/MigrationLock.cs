using Microsoft.EntityFrameworkCore;

namespace Shop.ServiceDefaults.Data;

/// <summary>
/// A session's advisory lock of PostgreSQL: runs of the verb that happen at once (several replicas, a job that is repeated)
/// take turns, seeds included. The server frees it when the connection ends, however it ends.
/// </summary>
internal sealed class MigrationLock : IAsyncDisposable
{
    // Any number that nobody else uses in these databases; this one reads "shop" in ASCII.
    private const long Key = 0x73_68_6F_70;

    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(200);

    private readonly DbContext _context;

    private MigrationLock(DbContext context) => _context = context;

    /// <summary>Waits for its turn on the context's open connection. The caller's token limits the wait.</summary>
    public static async Task<MigrationLock> TakeAsync(DbContext context, CancellationToken cancellationToken)
    {
        // Asked again and again: a session that waits inside pg_advisory_lock holds a snapshot, and the run that has the lock
        // would wait for it when it builds an index concurrently.
        while (!await TryTakeAsync(context, cancellationToken))
        {
            await Task.Delay(Interval, cancellationToken);
        }

        return new MigrationLock(context);
    }

    private static Task<bool> TryTakeAsync(DbContext context, CancellationToken cancellationToken) =>
        context
            .Database.SqlQuery<bool>($"SELECT pg_try_advisory_lock({Key}) AS \"Value\"")
            .SingleAsync(cancellationToken);

    public async ValueTask DisposeAsync() =>
        await _context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Key})");
}
