using Shop.ServiceDefaults;

namespace Shop.Gateway;

/// <summary>The configuration section <c>Gateway</c>.</summary>
internal sealed class GatewayOptions
{
    public const string Section = "Gateway";

    /// <summary>How long a service may stay silent, before its answer or in the middle of it.</summary>
    [Positive]
    public TimeSpan Timeout { get; set; } = TimeSpan.FromSeconds(10);

    /// <summary>The same for single services, by their names.</summary>
    public Dictionary<string, TimeSpan> Timeouts { get; } = [];

    /// <summary>How long a request to a service may take in all, with every try and the last byte of its answer.</summary>
    [Positive]
    public TimeSpan TotalTimeout { get; set; } = TimeSpan.FromMinutes(1);

    /// <summary>How long a stream of events may take in all. A service ends one after 5 minutes, and its client connects again.</summary>
    [Positive]
    public TimeSpan StreamTimeout { get; set; } = TimeSpan.FromMinutes(6);

    /// <summary>
    /// Addresses or networks (<c>10.0.0.0/8</c>) of the proxies in front of the gateway. What they say in
    /// <c>X-Forwarded-For</c> and <c>X-Forwarded-Proto</c> is believed, and what anybody else says is not.
    /// </summary>
    public List<string> TrustedProxies { get; } = [];

    /// <summary>How long a service may take for its part of an answer that is composed of several.</summary>
    [Positive]
    public TimeSpan PartTimeout { get; set; } = TimeSpan.FromSeconds(3);

    /// <summary>The most requests that are under way to one service.</summary>
    [Positive]
    public int MaxConcurrency { get; set; } = 256;

    /// <summary>The most streams of events that are open to one service.</summary>
    [Positive]
    public int MaxStreams { get; set; } = 2000;

    /// <summary>Origins (<c>https://shop.example</c>) whose pages may call the gateway from a browser.</summary>
    public List<string> CorsOrigins { get; } = [];

    public TimeSpan TimeoutOf(string service) => Timeouts.GetValueOrDefault(service, Timeout);
}
