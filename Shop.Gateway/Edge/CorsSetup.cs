using Microsoft.AspNetCore.Cors.Infrastructure;
using Microsoft.Extensions.Options;
using Shop.Gateway.OpenApi;

namespace Shop.Gateway.Edge;

internal static class CorsSetup
{
    /// <summary>Whether it has a scheme and a host, and no path.</summary>
    public static bool IsOrigin(string origin) =>
        Uri.TryCreate(origin, UriKind.Absolute, out var uri)
        && (uri.Scheme is "http" or "https")
        && uri.GetLeftPart(UriPartial.Authority) == origin;

    /// <summary>One policy for everything: pages of the origins that the configuration names, by default none.</summary>
    public static void AddCorsPolicy(this WebApplicationBuilder builder)
    {
        builder.Services.AddCors();
        builder
            .Services.AddOptions<CorsOptions>()
            .Configure<IOptions<GatewayOptions>>(
                (cors, gateway) =>
                    cors.AddDefaultPolicy(policy =>
                        policy
                            .WithOrigins([.. gateway.Value.CorsOrigins])
                            .WithMethods("GET", "HEAD", "POST", "PUT", "PATCH", "DELETE")
                            .WithHeaders(
                                "Authorization",
                                "Content-Type",
                                "Idempotency-Key",
                                "If-Match",
                                "If-None-Match",
                                "X-Correlation-ID",
                                "traceparent"
                            )
                            // All that the API's description names: a browser hides what is not exposed.
                            .WithExposedHeaders([
                                .. GatewayHeaders.About.Keys,
                                "ETag",
                                "Idempotency-Replayed",
                                "Location",
                                "Retry-After",
                                "WWW-Authenticate",
                            ])
                            .SetPreflightMaxAge(TimeSpan.FromMinutes(10))
                    )
            );
    }
}
