using Microsoft.AspNetCore.Http.Features;
using Yarp.ReverseProxy.Forwarder;

namespace Shop.Gateway.Failures;

/// <summary>
/// Gives a request whose instance fell away to another instance of the service, when that cannot do anything twice: the
/// connection never came about, or the method is safe and there was no answer yet.
/// </summary>
internal sealed class Failover(RequestDelegate next)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        while (true)
        {
            var candidates = proxy.AvailableDestinations;
            await next(context);

            if (
                context.GetForwarderErrorFeature() is not { } error
                || context.Response.HasStarted
                || !CanRepeat(context, error)
            )
            {
                return;
            }

            var failed = proxy.ProxiedDestination;
            var others = candidates.Where(instance => instance != failed).ToArray();
            if (others.Length == 0)
            {
                return;
            }

            // As if the first try had not been: the forwarder refuses a response that somebody wrote to.
            context.Features.Set<IForwarderErrorFeature>(null);
            context.Response.Clear();
            proxy.AvailableDestinations = others;
            proxy.ProxiedDestination = null;
        }
    }

    private static bool CanRepeat(HttpContext context, IForwarderErrorFeature error) =>
        error.Error == ForwarderError.Request
        && !context.RequestAborted.IsCancellationRequested
        && (Unreachable.Is(error) || IsSafeWithoutBody(context));

    private static bool IsSafeWithoutBody(HttpContext context) =>
        (HttpMethods.IsGet(context.Request.Method) || HttpMethods.IsHead(context.Request.Method))
        && context.Features.Get<IHttpRequestBodyDetectionFeature>() is not { CanHaveBody: true };
}
