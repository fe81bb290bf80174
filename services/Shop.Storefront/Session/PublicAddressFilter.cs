using Microsoft.AspNetCore.HttpOverrides;
using Microsoft.Extensions.Options;

namespace Shop.Storefront.Session;

internal static class PublicAddressSetup
{
    /// <summary>Redirects name the address that people see: the gateway says it, and only the configured one is accepted.</summary>
    public static void AddPublicAddress(this IServiceCollection services) =>
        services.AddSingleton<IStartupFilter, PublicAddressFilter>();
}

internal sealed class PublicAddressFilter(IOptions<IssuerOptions> issuer) : IStartupFilter
{
    /// <inheritdoc />
    public Action<IApplicationBuilder> Configure(Action<IApplicationBuilder> next) =>
        app =>
        {
            var options = new ForwardedHeadersOptions
            {
                ForwardedHeaders = ForwardedHeaders.XForwardedHost | ForwardedHeaders.XForwardedProto,
                ForwardLimit = 1,
                AllowedHosts = [issuer.Value.PublicAddress.Host],
            };
            options.KnownProxies.Clear();
            options.KnownIPNetworks.Clear();
            app.UseForwardedHeaders(options);
            next(app);
        };
}
