using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Shop.ServiceDefaults.Data;

/// <summary>A server that is still starting, or a database that is still being created, is waited for, but not for ever.</summary>
internal static class DatabaseWait
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(60);
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Opens the context's connection.</summary>
    /// <exception cref="NpgsqlException">The database still did not answer at the limit.</exception>
    public static async Task OpenAsync(DbContext context, CancellationToken cancellationToken)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(Limit);
        while (true)
        {
            try
            {
                await context.Database.OpenConnectionAsync(cancellationToken);
                return;
            }
            catch (NpgsqlException exception)
                when (MayCome(exception) && !limit.IsCancellationRequested)
            {
                await Task.Delay(Pause, cancellationToken);
            }
        }
    }

    private static bool MayCome(NpgsqlException exception) =>
        exception.IsTransient || exception.SqlState == PostgresErrorCodes.InvalidCatalogName;
}
