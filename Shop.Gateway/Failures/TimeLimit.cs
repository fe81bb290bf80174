using Microsoft.Extensions.Options;
using Shop.Gateway.Routing;

namespace Shop.Gateway.Failures;

/// <summary>
/// Ends a request that takes too long in all, however many tries it had. The limit on a service's silence does not see one that
/// sends a byte now and then. A stream may take longer, and ends when the gateway stops: its client connects again.
/// </summary>
internal sealed class TimeLimit(
    RequestDelegate next,
    IOptions<GatewayOptions> options,
    IHostApplicationLifetime lifetime,
    TimeProvider time
)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var isStream = context.GetReverseProxyFeature().IsStream();
        var clientAborted = context.RequestAborted;
        using var limit = new CancellationTokenSource(
            isStream ? options.Value.StreamTimeout : options.Value.TotalTimeout,
            time
        );
        using var any = CancellationTokenSource.CreateLinkedTokenSource(
            clientAborted,
            limit.Token,
            isStream ? lifetime.ApplicationStopping : CancellationToken.None
        );
        context.RequestAborted = any.Token;
        try
        {
            await next(context);
        }
        finally
        {
            // Who looks at it from here on wants to know whether the client hung up.
            context.RequestAborted = clientAborted;
        }
    }
}
