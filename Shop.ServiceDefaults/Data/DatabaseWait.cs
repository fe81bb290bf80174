using Microsoft.EntityFrameworkCore;
using Npgsql;

namespace Shop.ServiceDefaults.Data;

/// <summary>A server that is still starting, or a database that is still being created, is waited for, but not for ever.</summary>
internal static class DatabaseWait
{
    private static readonly TimeSpan Pause = TimeSpan.FromMilliseconds(250);

    /// <summary>Opens the context's connection.</summary>
    /// <param name="context">Whose connection it is.</param>
    /// <param name="wait">The limit.</param>
    /// <param name="waiting">Told once, with the reason, when the database does not answer at once.</param>
    /// <exception cref="TimeoutException">The database still did not answer when <paramref name="wait"/> was over.</exception>
    public static async Task OpenAsync(DbContext context, TimeSpan wait, Func<string, Task> waiting)
    {
        using var limit = new CancellationTokenSource(wait);
        var told = false;
        while (true)
        {
            try
            {
                await context.Database.OpenConnectionAsync(CancellationToken.None);
                return;
            }
            catch (Exception exception) when (MayCome(exception))
            {
                if (!told && wait > TimeSpan.Zero)
                {
                    told = true;
                    await waiting(exception.GetBaseException().Message.ReplaceLineEndings(" "));
                }

                if (limit.IsCancellationRequested)
                {
                    throw new TimeoutException(
                        $"it did not answer within {wait.TotalSeconds:F0} s ({exception.GetBaseException().Message}). Check that the server runs and that the connection string is right."
                    );
                }

                await Task.Delay(Pause, CancellationToken.None);
            }
        }
    }

    // EF Core wraps what it thinks worth a retrying strategy.
    private static bool MayCome(Exception exception) =>
        exception.GetBaseException() is System.Net.Sockets.SocketException
        || (exception as NpgsqlException ?? exception.InnerException as NpgsqlException)
            is { IsTransient: true }
                or { SqlState: PostgresErrorCodes.InvalidCatalogName };
}
