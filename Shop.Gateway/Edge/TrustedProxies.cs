using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;
using IPNetwork = System.Net.IPNetwork;

namespace Shop.Gateway.Edge;

/// <summary>Takes the client's address from the proxies that the configuration names, and from nobody else.</summary>
internal static class TrustedProxies
{
    public static void AddTrustedProxies(this WebApplicationBuilder builder) =>
        builder
            .Services.AddOptions<ForwardedHeadersOptions>()
            .Configure<IOptions<GatewayOptions>>(
                (headers, gateway) =>
                {
                    // The framework trusts loopback unless told otherwise.
                    headers.KnownProxies.Clear();
                    headers.KnownIPNetworks.Clear();
                    foreach (var proxy in gateway.Value.TrustedProxies)
                    {
                        headers.KnownIPNetworks.Add(IPNetwork.Parse(WithLength(proxy)));
                    }

                    // With none to trust, the middleware would believe everybody.
                    headers.ForwardedHeaders =
                        headers.KnownIPNetworks.Count > 0
                            ? ForwardedHeaders.XForwardedFor | ForwardedHeaders.XForwardedProto
                            : ForwardedHeaders.None;
                    headers.ForwardLimit = null;
                }
            );

    /// <summary>Whether it is an address or a network.</summary>
    public static bool IsAddress(string proxy) => IPNetwork.TryParse(WithLength(proxy), out _);

    private static string WithLength(string proxy) =>
        proxy.Contains('/') ? proxy : proxy + (proxy.Contains(':') ? "/128" : "/32");
}
