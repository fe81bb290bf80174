using Microsoft.EntityFrameworkCore;
using Npgsql;
using Shop.Ordering.Data;
using Shop.ServiceDefaults.Data;

namespace Shop.Ordering.Views;

/// <summary>
/// The verb <c>rebuild-views</c>: recomputes the read side from the orders while the service goes on. Events that come
/// meanwhile are not lost: like the projection, it keeps the later of two states. Rows that are right are not touched.
/// </summary>
internal sealed class RebuildViews(OrderingDbContext db)
{
    private const int Batch = 1000;
    private const int Attempts = 5;
    private static readonly TimeSpan StatementLimit = TimeSpan.FromMinutes(5);

    private readonly RebuildStatements _statements = new(db);

    /// <summary>The verb.</summary>
    public static async Task<int> RunAsync(
        IServiceProvider services,
        string[] arguments,
        CancellationToken cancellationToken
    )
    {
        var started = TimeProvider.System.GetTimestamp();
        var rebuild = new RebuildViews(services.GetRequiredService<OrderingDbContext>());
        var (orders, corrected) = await rebuild.RebuildAsync(cancellationToken);
        var seconds = TimeProvider.System.GetElapsedTime(started).TotalSeconds;
        await Console.Out.WriteLineAsync(
            $"ordering: the views of {orders} orders were compared with the orders in {seconds:F1} s, {corrected} rows corrected."
        );
        return 0;
    }

    /// <returns>How many orders there are, and how many corrections were made to rows of the views.</returns>
    public async Task<(long Orders, long Corrected)> RebuildAsync(CancellationToken cancellationToken)
    {
        db.Database.SetCommandTimeout(StatementLimit);
        long orders = 0;
        long corrected = 0;
        var after = Guid.Empty;
        Guid[] ids;
        do
        {
            ids = await _statements.NextOrdersAsync(after, Batch, cancellationToken);
            // Beyond the last order, all views are stray.
            Guid? upTo = ids.Length == Batch ? ids[^1] : null;
            corrected += await InTransactionAsync(
                () => CorrectAsync(ids, after, upTo, cancellationToken),
                cancellationToken
            );
            foreach (var id in await _statements.AheadAsync(ids, cancellationToken))
            {
                corrected += await InTransactionAsync(
                    () => _statements.TakeBackAsync(id, cancellationToken),
                    cancellationToken
                );
            }

            orders += ids.Length;
            after = ids.LastOrDefault(after);
        } while (ids.Length == Batch);

        return (orders, corrected + await _statements.AddProductsAsync(cancellationToken));
    }

    private async Task<int> CorrectAsync(Guid[] ids, Guid after, Guid? upTo, CancellationToken cancellationToken) =>
        // The order before its lines, as in the projection, so that neither waits for the other in turn.
        await _statements.WriteOrdersAsync(ids, cancellationToken)
        + await _statements.WriteLinesAsync(ids, cancellationToken)
        + await _statements.RemoveStrayAsync(after, upTo, cancellationToken);

    /// <summary>Handlers that share a transaction take rows in the order of their messages, so now and then one has to give way.</summary>
    private async Task<int> InTransactionAsync(Func<Task<int>> work, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            try
            {
                return await db.InTransactionAsync(work, cancellationToken);
            }
            catch (PostgresException deadlock)
                when (deadlock.SqlState == PostgresErrorCodes.DeadlockDetected && attempt < Attempts)
            {
                db.ChangeTracker.Clear();
            }
        }
    }
}
