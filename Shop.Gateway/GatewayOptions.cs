namespace Shop.Gateway;

/// <summary>The configuration section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>How long a service may stay silent, before its answer or in the middle of it.</summary>
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The same for single services, by their names.</summary>
    public Dictionary<string, TimeSpan> Timeouts { get; } = [];

    public TimeSpan TimeoutOf(string service) => Timeouts.GetValueOrDefault(service, Timeout);
}
