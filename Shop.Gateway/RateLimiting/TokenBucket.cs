namespace Shop.Gateway.RateLimiting;

/// <summary>Whether a request may pass, and how the caller's budget stands.</summary>
internal readonly record struct Decision(bool Allowed, Budget Budget, int Remaining, TimeSpan RetryAfter);

/// <summary>
/// This replica's view of one caller's bucket. It takes tokens from the shared bucket in small leases, so that who asks often
/// does not pay a round trip to the cache for each request: a lease is a single token at first, doubles while it is used up at
/// once, and what is left of it is put back with the next. Every token comes out of the shared bucket before it is spent, so
/// all replicas together never let more through than the budget.
/// </summary>
internal sealed class TokenBucket(string key, Budget budget, SharedBuckets shared, TimeProvider time)
{
    private static readonly TimeSpan LeaseTime = TimeSpan.FromMilliseconds(200);

    private readonly Lock gate = new();
    private readonly int largestLease = Math.Clamp(budget.Burst / 10, 1, 64);

    private int tokens;
    private int lease = 1;
    private int waiting;
    private int free = budget.Burst;
    private long leasedAt;
    private bool isEmpty;
    private long emptyAt;
    private TimeSpan emptyFor;

    // For as long as the cache is away: the same number that the cache would hold, by this process's clock.
    private TimeSpan untilFullHere;
    private long countedHereAt;

    private Task? refill;

    public async ValueTask<Decision> TakeAsync()
    {
        while (true)
        {
            Task pending;
            lock (gate)
            {
                if (tokens > 0 && time.GetElapsedTime(leasedAt) < LeaseTime)
                {
                    tokens--;
                    return new Decision(true, budget, tokens + free, TimeSpan.Zero);
                }

                // Until a token has come there is nothing to ask the cache for.
                if (isEmpty && time.GetElapsedTime(emptyAt) is var waited && waited < emptyFor)
                {
                    return new Decision(false, budget, 0, emptyFor - waited);
                }

                waiting++;
                pending = refill ??= RefillAsync();
            }

            await pending;
            lock (gate)
            {
                waiting--;
            }
        }
    }

    private async Task RefillAsync()
    {
        // Who begins holds the gate; the others must be able to join in before the cache is asked.
        await Task.Yield();
        int wanted;
        int unused;
        lock (gate)
        {
            (unused, tokens) = (tokens, 0);
            var isBusy = unused == 0 && time.GetElapsedTime(leasedAt) < LeaseTime;
            lease = isBusy ? Math.Min(lease * 2, largestLease) : 1;
            wanted = Math.Max(lease, waiting);
        }

        var grant = await shared.TakeAsync(key, budget, wanted, unused);
        lock (gate)
        {
            var (granted, untilFull) = grant ?? TakeHere(wanted, unused);
            tokens = granted;
            leasedAt = time.GetTimestamp();
            free = (int)Math.Max(0, budget.Burst - untilFull / budget.Interval);
            isEmpty = granted == 0;
            emptyAt = leasedAt;
            emptyFor = untilFull - (budget.Burst - 1) * budget.Interval;
            refill = null;
        }
    }

    private Grant TakeHere(int wanted, int unused)
    {
        var untilFull = untilFullHere - time.GetElapsedTime(countedHereAt) - unused * budget.Interval;
        untilFull = untilFull > TimeSpan.Zero ? untilFull : TimeSpan.Zero;
        var granted = Math.Clamp((int)(budget.Burst - untilFull / budget.Interval), 0, wanted);
        (untilFullHere, countedHereAt) = (untilFull + granted * budget.Interval, time.GetTimestamp());
        return new Grant(granted, untilFullHere);
    }
}
