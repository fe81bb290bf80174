namespace Shop.ServiceDefaults.Shutdown;

/// <summary>The configuration section <c>Shutdown</c>: what a process does between SIGTERM and its end.</summary>
internal sealed class ShutdownOptions
{
    public const string Section = "Shutdown";

    /// <summary>
    /// How long <c>/ready</c> fails before the process stops listening: as long as load balancers need to notice it.
    /// </summary>
    [NotNegative]
    public TimeSpan DrainDelay { get; set; } = TimeSpan.Zero;

    /// <summary>
    /// The limit for the whole stop, the delay included. The platform's grace period, after which it kills the process, must
    /// be longer.
    /// </summary>
    [Positive]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(25);
}
