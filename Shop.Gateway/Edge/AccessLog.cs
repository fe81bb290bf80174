using Shop.ServiceDefaults;

namespace Shop.Gateway.Edge;

/// <summary>
/// One entry per request. The route, not the path, and no query: what people type is their own business, and a path or a query
/// may have a name or an address in it.
/// </summary>
internal sealed partial class AccessLog(RequestDelegate next, TimeProvider time, ILogger<AccessLog> logger)
{
    // nginx's number for a client that hung up.
    private const int ClientClosedRequest = 499;

    public async Task InvokeAsync(HttpContext context)
    {
        if (!logger.IsEnabled(LogLevel.Information) || context.Request.Path.Value is "/healthz" or "/ready")
        {
            await next(context);
            return;
        }

        var start = time.GetTimestamp();
        try
        {
            await next(context);
        }
        finally
        {
            Log.Answered(
                logger,
                context.Request.Method,
                (context.GetEndpoint() as RouteEndpoint)?.RoutePattern.RawText,
                context.RequestAborted.IsCancellationRequested ? ClientClosedRequest : context.Response.StatusCode,
                time.GetElapsedTime(start).TotalMilliseconds,
                InsideHeaders.UserOf(context),
                CorrelationId.Of(context)
            );
        }
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Information,
            "{Method} {Route} was answered with {Status} in {DurationMs} ms; user {UserId}, correlation {CorrelationId}"
        )]
        public static partial void Answered(
            ILogger logger,
            string method,
            string? route,
            int status,
            double durationMs,
            string? userId,
            string? correlationId
        );
    }
}
