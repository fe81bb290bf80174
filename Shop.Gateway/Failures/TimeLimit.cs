using Microsoft.Extensions.Options;

namespace Shop.Gateway.Failures;

/// <summary>
/// Ends a request that takes too long in all, however many tries it had. The limit on a service's silence does not see one that
/// sends a byte now and then.
/// </summary>
internal sealed class TimeLimit(RequestDelegate next, IOptions<GatewayOptions> options, TimeProvider time)
{
    public async Task InvokeAsync(HttpContext context)
    {
        var clientAborted = context.RequestAborted;
        using var limit = new CancellationTokenSource(options.Value.TotalTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(clientAborted, limit.Token);
        context.RequestAborted = either.Token;
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
