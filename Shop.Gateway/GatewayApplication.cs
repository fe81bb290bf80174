using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Net.Http.Headers;
using OpenTelemetry.Instrumentation.AspNetCore;
using OpenTelemetry.Instrumentation.Http;
using Shop.Gateway.Catalog;
using Shop.Gateway.Edge;
using Shop.Gateway.Failures;
using Shop.Gateway.OpenApi;
using Shop.Gateway.RateLimiting;
using Shop.Gateway.Routing;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Http;
using Yarp.ReverseProxy.Configuration;
using Yarp.ReverseProxy.Health;
using Yarp.ReverseProxy.ServiceDiscovery;
using Yarp.ReverseProxy.Transforms;

namespace Shop.Gateway;

/// <summary>The single entry point: what comes from outside is checked here and goes to the service it names.</summary>
internal static class GatewayApplication
{
    /// <summary>What a phone in a bad place still manages.</summary>
    private static readonly MinDataRate SlowestBody = new(bytesPerSecond: 4096, gracePeriod: TimeSpan.FromSeconds(5));

    /// <summary>The gateway, ready to run.</summary>
    /// <param name="args">The command line.</param>
    /// <param name="configure">Changes the host before anything is added.</param>
    public static WebApplication Build(string[] args, Action<WebApplicationBuilder>? configure = null)
    {
        var builder = WebApplication.CreateBuilder(args);
        configure?.Invoke(builder);
        builder.AddServiceDefaults();
        // Below Warning the proxy writes two lines per request, which the traces already show.
        builder.Logging.AddFilter("Yarp", LogLevel.Warning);
        // Not each failed try with its stack trace: Retry and ForwardingProblems have a line for it.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Forwarder", LogLevel.Error);
        // Nor each failed probe, but that an instance is taken out, and that it is back.
        builder.Logging.AddFilter("Yarp.ReverseProxy.Health.ActiveHealthCheckMonitor", LogLevel.Error);
        builder.Logging.AddFilter("Yarp.ReverseProxy.Health.DestinationHealthUpdater", LogLevel.Information);
        // A request takes one of its service's places until its body has come.
        builder.WebHost.ConfigureKestrel(kestrel => kestrel.Limits.MinRequestBodyDataRate = SlowestBody);
        builder.AddRateLimits();
        builder.AddTrustedProxies();
        builder.AddComposedApi();
        builder.Services.AddShopDescription();
        builder.AddCorsPolicy();
        builder.Services.AddSingleton<RetryBudgets>();
        AddProxy(builder);

        var app = builder.Build();
        app.UseMiddleware<AccessLog>();
        app.UseMiddleware<SecurityHeaders>();
        app.UseForwardedHeaders();
        // Before whatever refuses a request: pages read its answers, too.
        app.UseCors();
        app.UseMiddleware<AmbiguousRequest>();
        app.UseMiddleware<OutsideHeaders>();
        // Before authorization, so that guessing tokens is limited, too.
        app.UseServiceDefaults(afterAuthentication: () =>
        {
            app.UseMiddleware<RateLimitMiddleware>();
            app.UseMiddleware<InsideHeaders>();
        });
        app.MapCatalog();
        app.MapComposedApi();
        app.MapShopDescription();
        app.MapReverseProxy(proxy =>
        {
            proxy.UseMiddleware<ForwardingProblems>();
            proxy.UseMiddleware<BodyLimit>();
            proxy.UseMiddleware<ConcurrencyLimit>();
            proxy.UseMiddleware<CircuitBreaker>();
            proxy.UseMiddleware<TimeLimit>();
            proxy.UseMiddleware<Retry>();
            proxy.UseLoadBalancing();
            proxy.UsePassiveHealthChecks();
        });
        return app;
    }

    private static void AddProxy(WebApplicationBuilder builder)
    {
        builder
            .Services.AddReverseProxy()
            .AddTransforms(proxy =>
            {
                // Without a body that nobody reads.
                proxy.AddRequestTransform(request =>
                {
                    if (HeadAsGet.IsWanted(request.HttpContext))
                    {
                        request.ProxyRequest.Method = HttpMethod.Head;
                    }

                    return ValueTask.CompletedTask;
                });
                // Only pages have cookies; an API must not see a session.
                if (!ServiceRoutes.IsOfPages(proxy.Cluster?.ClusterId))
                {
                    proxy.AddRequestHeaderRemove(HeaderNames.Cookie);
                }
            })
            .ConfigureHttpClient(
                (_, handler) =>
                    // An address that swallows packets must not eat the whole time that a request has.
                    handler.ConnectTimeout = TimeSpan.FromSeconds(2)
            );
        builder.Services.AddRouting(routing => routing.SetParameterPolicy<PagePath>(PagePath.Name));
        builder.Services.AddSingleton<IProxyConfigProvider, ServiceRoutes>();
        builder.Services.AddSingleton<IDestinationResolver, DiscoveredDestinations>();
        builder.Services.Configure<TransportFailureRateHealthPolicyOptions>(health =>
        {
            health.DetectionWindowSize = TimeSpan.FromSeconds(10);
            health.MinimalTotalCountThreshold = 3;
            health.DefaultFailureRateLimit = 0.5;
        });
        builder.Services.PostConfigure<AspNetCoreTraceInstrumentationOptions>(tracing =>
            tracing.EnrichWithHttpResponse += (span, response) => PublicRoute.Name(span, response.HttpContext)
        );
        // A path that goes on to a service is as somebody typed it; the request's own span names its route.
        builder.Services.Configure<HttpClientTraceInstrumentationOptions>(tracing =>
            tracing.EnrichWithHttpRequestMessage = (span, request) =>
                span.SetTag("url.full", request.RequestUri?.GetLeftPart(UriPartial.Authority))
        );
    }
}
