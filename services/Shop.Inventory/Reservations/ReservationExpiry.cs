using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Inventory.Data;
using Shop.Inventory.Domain;
using Shop.Inventory.Stock;
using Shop.Messaging;
using Shop.ServiceDefaults.Data;

namespace Shop.Inventory.Reservations;

/// <summary>Gives back what nobody came for. Runs in every replica; each takes other reservations (SKIP LOCKED).</summary>
internal sealed partial class ReservationExpiry(
    IServiceScopeFactory scopes,
    IOptions<InventoryOptions> options,
    ReservationMetrics metrics,
    TimeProvider time,
    ILogger<ReservationExpiry> logger
) : BackgroundService
{
    /// <summary>Gives back all that has expired; returns how many reservations that were.</summary>
    public async Task<int> SweepAsync(CancellationToken cancellationToken)
    {
        var expired = 0;
        while (await ExpireNextAsync(cancellationToken) is { } orderId)
        {
            expired++;
            metrics.Became(ReservationStatus.Expired);
            Log.Expired(logger, orderId);
        }
        return expired;
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.ExpirySweepInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await SweepAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.Failed(logger, exception, options.Value.ExpirySweepInterval);
            }
        }
    }

    private async Task<Guid?> ExpireNextAsync(CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<InventoryDbContext>();
        return await db.InTransactionAsync(
            async () =>
            {
                // Before any row is locked, like everybody else.
                await db.TakeTurnAsync(cancellationToken);
                var now = time.GetUtcNow();
                var rows = await db
                    .Reservations.FromSql(
                        $"""
                        select xmin, * from reservations
                        where status = 'Reserved' and expires_at <= {now}
                        order by expires_at limit 1 for update skip locked
                        """
                    )
                    .ToListAsync(cancellationToken);
                if (rows is not [var reservation])
                {
                    return (Guid?)null;
                }
                var ledger = scope.ServiceProvider.GetRequiredService<StockLedger>();
                await ledger.For(now, cancellationToken).ExpireAsync(reservation);
                scope.ServiceProvider.GetRequiredService<Outbox<InventoryDbContext>>().AddReply(reservation);
                return reservation.OrderId;
            },
            cancellationToken
        );
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Information, "The stock reservation of order {OrderId} expired")]
        public static partial void Expired(ILogger logger, Guid orderId);

        [LoggerMessage(LogLevel.Error, "Looking for expired reservations failed; it is tried again in {Interval}")]
        public static partial void Failed(ILogger logger, Exception exception, TimeSpan interval);
    }
}
