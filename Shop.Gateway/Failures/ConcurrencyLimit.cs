using System.Collections.Concurrent;
using System.Threading.RateLimiting;
using Microsoft.Extensions.Options;
using Shop.Gateway.Edge;
using Shop.Gateway.Routing;

namespace Shop.Gateway.Failures;

/// <summary>
/// Turns requests away when so many are under way to one service that it would only get slower; the other services do not
/// notice.
/// </summary>
internal sealed class ConcurrencyLimit(
    RequestDelegate next,
    IProblemDetailsService problems,
    IOptions<GatewayOptions> options
)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(1);

    private readonly ConcurrentDictionary<string, ConcurrencyLimiter> limiters = new(StringComparer.Ordinal);

    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var limiter = limiters.GetOrAdd(proxy.Cluster.Config.ClusterId, _ => Create(proxy.IsStream()));
        using var lease = limiter.AttemptAcquire();
        if (lease.IsAcquired)
        {
            await next(context);
            return;
        }

        await problems.RefuseAsync(
            context,
            StatusCodes.Status503ServiceUnavailable,
            "overloaded",
            $"The {proxy.ServiceOf()} service has too much to do",
            "It has not seen the request; repeat it after the time in Retry-After.",
            Soon
        );
    }

    private ConcurrencyLimiter Create(bool ofStreams) =>
        new(
            new ConcurrencyLimiterOptions
            {
                PermitLimit = ofStreams ? options.Value.MaxStreams : options.Value.MaxConcurrency,
                QueueLimit = 0,
            }
        );
}
