using System.Collections.Concurrent;

namespace Shop.Gateway.Failures;

/// <summary>A retry budget for each service.</summary>
internal sealed class RetryBudgets
{
    private readonly ConcurrentDictionary<string, RetryBudget> budgets = new(StringComparer.Ordinal);

    public RetryBudget Of(string service) => budgets.GetOrAdd(service, static _ => new RetryBudget());
}

/// <summary>
/// Keeps retries from multiplying the load of a service that is down: each costs a token, each success gives a tenth of one
/// back, and with less than half of them left there are none (gRPC's retry throttling, proposal A6).
/// </summary>
internal sealed class RetryBudget
{
    private const int Most = 1000;
    private const int Cost = 10;

    private int tenths = Most;

    public void Succeeded()
    {
        if (Volatile.Read(ref tenths) < Most)
        {
            Interlocked.Increment(ref tenths);
        }
    }

    public bool TryTake()
    {
        if (Volatile.Read(ref tenths) <= Most / 2)
        {
            return false;
        }

        Interlocked.Add(ref tenths, -Cost);
        return true;
    }
}
