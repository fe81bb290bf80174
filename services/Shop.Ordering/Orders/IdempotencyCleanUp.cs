using System.ComponentModel.DataAnnotations;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Ordering.Data;

namespace Shop.Ordering.Orders;

/// <summary>Configuration section <c>Ordering:Idempotency</c>.</summary>
internal sealed class IdempotencyOptions
{
    public const string Section = "Ordering:Idempotency";

    /// <summary>How long a key is remembered; a client that repeats a request later places a second order.</summary>
    [Range(typeof(TimeSpan), "00:01:00", "365.00:00:00", ErrorMessage = "{0} must be from {1} to {2}.")]
    public TimeSpan Age { get; set; } = TimeSpan.FromDays(3);

    /// <summary>How often older ones are removed.</summary>
    [Range(typeof(TimeSpan), "00:00:01", "1.00:00:00", ErrorMessage = "{0} must be from {1} to {2}.")]
    public TimeSpan CleanUpInterval { get; set; } = TimeSpan.FromHours(1);
}

/// <summary>Forgets idempotency keys by their age, a batch at a time. Runs in every replica; each takes other rows.</summary>
internal sealed partial class IdempotencyCleanUp(
    IServiceScopeFactory scopes,
    IOptions<IdempotencyOptions> options,
    TimeProvider time,
    ILogger<IdempotencyCleanUp> logger
) : BackgroundService
{
    private const int Batch = 1000;

    /// <returns>How many were forgotten.</returns>
    public async Task<int> CleanUpAsync(CancellationToken cancellationToken)
    {
        var before = time.GetUtcNow() - options.Value.Age;
        var total = 0;
        int removed;
        do
        {
            await using var scope = scopes.CreateAsyncScope();
            removed = await scope
                .ServiceProvider.GetRequiredService<OrderingDbContext>()
                .Database.ExecuteSqlAsync(
                    $"""
                    DELETE FROM idempotency_records
                    WHERE ctid = ANY (ARRAY(
                        SELECT ctid FROM idempotency_records
                        WHERE created_at < {before} LIMIT {Batch} FOR UPDATE SKIP LOCKED))
                    """,
                    cancellationToken
                );
            total += removed;
        } while (removed == Batch);
        return total;
    }

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        using var timer = new PeriodicTimer(options.Value.CleanUpInterval, time);
        while (await timer.WaitForNextTickAsync(stoppingToken))
        {
            try
            {
                await CleanUpAsync(stoppingToken);
            }
            catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
            {
                Log.NotRemoved(logger, exception);
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "Old idempotency keys could not be removed; the next round tries again")]
        public static partial void NotRemoved(ILogger logger, Exception exception);
    }
}
