using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Storefront.Data;

namespace Shop.Storefront.Session;

/// <summary>Deletes sessions that have ended, and baskets that nobody has changed for long.</summary>
internal sealed partial class ExpiredSessions(
    IServiceScopeFactory scopes,
    IOptions<StorefrontOptions> options,
    TimeProvider time,
    ILogger<ExpiredSessions> logger
) : BackgroundService
{
    private static readonly TimeSpan Interval = TimeSpan.FromHours(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(Interval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                var now = time.GetUtcNow();
                var oldest = now - options.Value.BasketLifetime;
                await using var scope = scopes.CreateAsyncScope();
                var db = scope.ServiceProvider.GetRequiredService<StorefrontDbContext>();
                await db.Sessions.Where(session => session.ExpiresAt <= now).ExecuteDeleteAsync(stoppingToken);
                await db.BasketLines.Where(line => line.ChangedAt < oldest).ExecuteDeleteAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                LogFailed(logger, exception.Message);
            }
        }
    }

    [LoggerMessage(LogLevel.Warning, "Expired sessions stay until the next hour: {Reason}")]
    private static partial void LogFailed(ILogger logger, string reason);
}
