using Shop.ServiceDefaults;

namespace Shop.Gateway.RateLimiting;

/// <summary>
/// The configuration section <c>Gateway:RateLimits</c>. A person does not notice the defaults; a program that does not pause
/// does.
/// </summary>
internal sealed class RateLimitOptions
{
    public const string Section = GatewayOptions.Section + ":RateLimits";

    /// <summary>GET, HEAD and OPTIONS, and what only reads with POST (<c>/graphql</c>).</summary>
    public Budget Reads { get; set; } = new(Burst: 400, PerSecond: 100);

    /// <summary>Everything else.</summary>
    public Budget Writes { get; set; } = new(Burst: 100, PerSecond: 20);

    /// <summary>Attempts to sign in from one address, behind which may be a whole office.</summary>
    public Budget SignIns { get; set; } = new(Burst: 30, PerSecond: 0.5);

    /// <summary>Attempts to sign in to one account, from wherever they come.</summary>
    public Budget SignInsPerAccount { get; set; } = new(Burst: 10, PerSecond: 0.1);

    /// <summary>How long a request waits for the cache before it is counted without it.</summary>
    [Positive]
    public TimeSpan CacheTimeout { get; set; } = TimeSpan.FromMilliseconds(100);
}

/// <summary>A token bucket's size, which is how many requests may come at once, and how fast it fills again.</summary>
internal sealed record Budget(int Burst, double PerSecond)
{
    // For the configuration binder.
    public Budget()
        : this(1, 1) { }

    /// <summary>How many requests may come at once.</summary>
    [Positive]
    public int Burst { get; init; } = Burst;

    /// <summary>How many requests come back in a second.</summary>
    [Positive]
    public double PerSecond { get; init; } = PerSecond;

    /// <summary>How long one token takes to come.</summary>
    public TimeSpan Interval => TimeSpan.FromSeconds(1 / PerSecond);
}
