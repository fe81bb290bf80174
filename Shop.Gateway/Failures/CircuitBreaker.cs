using System.Collections.Concurrent;
using Polly;
using Polly.CircuitBreaker;
using Shop.Gateway.Edge;
using Shop.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;

namespace Shop.Gateway.Failures;

/// <summary>
/// Stops asking a service most of whose answers failed, and lets one request try it again after a while. It stands before the
/// retries: a single instance that is down is none of its business.
/// </summary>
internal sealed partial class CircuitBreaker(
    RequestDelegate next,
    IProblemDetailsService problems,
    TimeProvider time,
    ILogger<CircuitBreaker> logger
)
{
    public const int MinimumThroughput = 20;
    public static readonly TimeSpan BreakDuration = TimeSpan.FromSeconds(5);

    private readonly ConcurrentDictionary<string, ResiliencePipeline<HttpContext>> circuits = new(
        StringComparer.Ordinal
    );

    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        // The one request that tries a service again would be minutes under way.
        if (proxy.IsStream())
        {
            await next(context);
            return;
        }

        var service = proxy.ServiceOf();
        try
        {
            await circuits
                .GetOrAdd(service, Create)
                .ExecuteAsync(
                    static async (request, _) =>
                    {
                        await request.Next(request.Context);
                        return request.Context;
                    },
                    (Next: next, Context: context),
                    // Who hangs up has to be noticed by the forwarder, and says nothing about the service.
                    CancellationToken.None
                );
        }
        catch (BrokenCircuitException)
        {
            await problems.RefuseAsync(
                context,
                StatusCodes.Status503ServiceUnavailable,
                "unavailable",
                $"The {service} service is not asked at present",
                "It failed too often. It has not seen the request; repeat it after the time in Retry-After.",
                BreakDuration
            );
        }
    }

    private ResiliencePipeline<HttpContext> Create(string service) =>
        new ResiliencePipelineBuilder<HttpContext> { TimeProvider = time }
            .AddCircuitBreaker(
                new CircuitBreakerStrategyOptions<HttpContext>
                {
                    ShouldHandle = attempt =>
                        ValueTask.FromResult(attempt.Outcome.Result is { } context && HasFailed(context)),
                    FailureRatio = 0.5,
                    MinimumThroughput = MinimumThroughput,
                    SamplingDuration = TimeSpan.FromSeconds(10),
                    BreakDuration = BreakDuration,
                    OnOpened = _ =>
                    {
                        Log.Opened(logger, service, BreakDuration.TotalSeconds);
                        return ValueTask.CompletedTask;
                    },
                    OnClosed = _ =>
                    {
                        Log.Closed(logger, service);
                        return ValueTask.CompletedTask;
                    },
                }
            )
            .Build();

    // Not 500: a fault in one function is no reason to take all others away. Nor a body that did not come in time: that is its
    // sender's doing.
    private static bool HasFailed(HttpContext context) =>
        !context.RequestAborted.IsCancellationRequested
        && (
            context.GetForwarderErrorFeature() is { } error
                ? error.Error is not (ForwarderError.RequestBodyClient or ForwarderError.RequestBodyCanceled)
                : context.Response.StatusCode
                    is StatusCodes.Status502BadGateway
                        or StatusCodes.Status503ServiceUnavailable
                        or StatusCodes.Status504GatewayTimeout
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Half of the requests to {Service} failed: it is not asked for {Seconds} s")]
        public static partial void Opened(ILogger logger, string service, double seconds);

        [LoggerMessage(LogLevel.Information, "{Service} answers again")]
        public static partial void Closed(ILogger logger, string service);
    }
}
