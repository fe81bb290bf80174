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

    private readonly DbContext _context;

    private MigrationLock(DbContext context) => _context = context;

    /// <summary>Waits for its turn on the context's open connection.</summary>
    public static async Task<MigrationLock> TakeAsync(DbContext context, CancellationToken cancellationToken)
    {
        var timeout = context.Database.GetCommandTimeout();
        // The caller's token limits the wait.
        context.Database.SetCommandTimeout(0);
        await context.Database.ExecuteSqlAsync($"SELECT pg_advisory_lock({Key})", cancellationToken);
        context.Database.SetCommandTimeout(timeout);
        return new MigrationLock(context);
    }

    public async ValueTask DisposeAsync() =>
        await _context.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({Key})");
}
