using Shop.ServiceDefaults;

namespace Shop.Payments;

/// <summary>Settings of the context, section <c>Payments</c>.</summary>
internal sealed class PaymentsOptions
{
    /// <summary>How long the provider may take to answer; after that the outcome is unknown and asked for again.</summary>
    [Positive]
    public TimeSpan ProviderTimeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The wait after the first attempt without an answer; it doubles with each.</summary>
    [Positive]
    public TimeSpan RetryDelay { get; set; } = TimeSpan.FromMilliseconds(250);

    /// <summary>The longest wait between two attempts.</summary>
    [Positive]
    public TimeSpan MaxRetryDelay { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How often due attempts are looked for when nobody has said that there are any.</summary>
    [Positive]
    public TimeSpan PollInterval { get; set; } = TimeSpan.FromMilliseconds(500);

    /// <summary>How many attempts one process has running at the same time.</summary>
    [Positive]
    public int MaxConcurrency { get; set; } = 128;

    /// <summary>
    /// What changed within it is left out of a reconciliation; longer than an outcome may be unknown on a good day.
    /// </summary>
    [NotNegative]
    public TimeSpan ReconciliationGrace { get; set; } = TimeSpan.FromMinutes(15);

    /// <summary>
    /// How long an attempt belongs to the process that started it. Longer than an answer may take; when the process dies,
    /// another one takes the attempt over after that.
    /// </summary>
    public TimeSpan Lease => ProviderTimeout + TimeSpan.FromSeconds(2);

    /// <summary>The wait after the given number of attempts.</summary>
    public TimeSpan DelayAfter(int attempts)
    {
        var delay = RetryDelay * Math.Pow(2, Math.Clamp(attempts - 1, 0, 20));
        return delay < MaxRetryDelay ? delay : MaxRetryDelay;
    }
}
