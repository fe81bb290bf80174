using Microsoft.Extensions.Options;

namespace Shop.Gateway.RateLimiting;

/// <summary>Tokens taken from a bucket, and how it stands after that.</summary>
/// <param name="Granted">From none to as many as were wanted.</param>
/// <param name="UntilFull">How long until it is full again, if nobody takes any.</param>
internal readonly record struct Grant(int Granted, TimeSpan UntilFull);

/// <summary>
/// The token buckets in the cache, one for all replicas. A bucket is one number, the time at which it will be full: taking a
/// token moves it on by what a token takes to come. A full bucket is no entry at all.
/// </summary>
/// <remarks>
/// The time is the cache's own, so that replicas whose clocks differ agree. A cache that fails, or is slow, is left alone for
/// some seconds: meanwhile nobody waits for it.
/// </remarks>
internal sealed partial class SharedBuckets(
    CacheConnection cache,
    IOptions<RateLimitOptions> options,
    TimeProvider time,
    ILogger<SharedBuckets> logger
)
{
    // Lengths of time are in microseconds; the cache's clock has no finer ones.
    private const string TakeScript = """
        local time = redis.call('TIME')
        local now = time[1] * 1000000 + time[2]
        local burst, interval = tonumber(ARGV[1]), tonumber(ARGV[2])
        local wanted, unused = tonumber(ARGV[3]), tonumber(ARGV[4])
        local full = math.max(tonumber(redis.call('GET', KEYS[1]) or 0) - unused * interval, now)
        local granted = math.max(0, math.min(wanted, math.floor(burst - (full - now) / interval)))
        full = full + granted * interval
        if full > now then
          redis.call('SET', KEYS[1], string.format('%.0f', full), 'PX', math.ceil((full - now) / 1000))
        end
        return { granted, math.ceil(full - now) }
        """;

    private static readonly TimeSpan Pause = TimeSpan.FromSeconds(2);

    private long pausedUntil;

    /// <summary>Takes up to <paramref name="wanted"/> tokens after putting <paramref name="unused"/> ones back.</summary>
    /// <returns>Null when the cache does not answer.</returns>
    public async ValueTask<Grant?> TakeAsync(string key, Budget budget, int wanted, int unused)
    {
        if (cache.Redis is not { } redis || time.GetTimestamp() < Volatile.Read(ref pausedUntil))
        {
            return null;
        }

        try
        {
            var answer = await redis
                .GetDatabase()
                .ScriptEvaluateAsync(
                    TakeScript,
                    [key],
                    [budget.Burst, budget.Interval.TotalMicroseconds, wanted, unused]
                )
                .WaitAsync(options.Value.CacheTimeout, time);
            var numbers = (long[])answer!;
            return new Grant((int)numbers[0], TimeSpan.FromMicroseconds(numbers[1]));
        }
        catch (Exception failure)
        {
            // Whatever it was, and the client has many kinds, it is no reason to refuse anybody.
            var until = time.GetTimestamp() + (long)(Pause.TotalSeconds * time.TimestampFrequency);
            Volatile.Write(ref pausedUntil, until);
            Log.CountedHere(logger, Pause.TotalSeconds, failure.Message);
            return null;
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "The cache does not answer; requests are counted by this replica alone for {Seconds} s. {Reason}"
        )]
        public static partial void CountedHere(ILogger logger, double seconds, string reason);
    }
}
