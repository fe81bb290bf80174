using Microsoft.AspNetCore.Http.Features;
using Shop.Gateway.Routing;
using Yarp.ReverseProxy.Forwarder;
using Yarp.ReverseProxy.Model;

namespace Shop.Gateway.Failures;

/// <summary>
/// Tries a request again that got no answer, when that cannot do anything twice: the connection never came about, or the
/// request is idempotent. Another instance is asked at once; the same one after a jittered pause.
/// </summary>
internal sealed partial class Retry(
    RequestDelegate next,
    RetryBudgets budgets,
    TimeProvider time,
    ILogger<Retry> logger
)
{
    private const int MostRetries = 3;
    private static readonly TimeSpan FirstPause = TimeSpan.FromMilliseconds(50);

    public async Task InvokeAsync(HttpContext context)
    {
        var proxy = context.GetReverseProxyFeature();
        var budget = budgets.Of(proxy.ServiceOf());
        var instances = proxy.AvailableDestinations;
        KeepBody(context);
        for (var retries = 0; ; retries++)
        {
            var candidates = proxy.AvailableDestinations;
            await next(context);

            if (context.GetForwarderErrorFeature() is not { } error)
            {
                budget.Succeeded();
                return;
            }

            if (
                retries == MostRetries
                || context.Response.HasStarted
                || !CanRepeat(context, error)
                || !budget.TryTake()
            )
            {
                return;
            }

            Log.Again(logger, proxy.ServiceOf(), error.Error, error.Exception?.Message);
            var others = candidates.Where(instance => instance != proxy.ProxiedDestination).ToArray();
            if (others.Length == 0)
            {
                await PauseAsync(retries, context.RequestAborted);
                if (context.RequestAborted.IsCancellationRequested)
                {
                    return;
                }
            }

            StartOver(context, proxy, others.Length == 0 ? instances : others);
        }
    }

    /// <summary>As if the first try had not been: the forwarder refuses a response that somebody wrote to.</summary>
    private static void StartOver(
        HttpContext context,
        IReverseProxyFeature proxy,
        IReadOnlyList<DestinationState> instances
    )
    {
        context.Features.Set<IForwarderErrorFeature>(null);
        context.Response.Clear();
        if (context.Request.Body.CanSeek)
        {
            context.Request.Body.Position = 0;
        }

        proxy.AvailableDestinations = instances;
        proxy.ProxiedDestination = null;
    }

    private Task PauseAsync(int retries, CancellationToken aborted) =>
        Task.Delay(FirstPause * Math.Pow(2, retries) * (0.5 + Random.Shared.NextDouble()), time, aborted)
            .ContinueWith(
                _ => { },
                CancellationToken.None,
                TaskContinuationOptions.ExecuteSynchronously,
                TaskScheduler.Default
            );

    private static void KeepBody(HttpContext context)
    {
        if (
            context.Features.Get<IHttpRequestBodyDetectionFeature>() is { CanHaveBody: true }
            && Idempotent.Is(context.Request)
            && context.Features.Get<IHttpMaxRequestBodySizeFeature>()?.MaxRequestBodySize is { } limit
        )
        {
            // In memory: a body has personal data, which does not belong in files.
            context.Request.EnableBuffering(bufferThreshold: (int)limit);
        }
    }

    private static bool CanRepeat(HttpContext context, IForwarderErrorFeature error) =>
        !context.RequestAborted.IsCancellationRequested
        && (
            Unreachable.Is(error)
            || error.Error is ForwarderError.Request or ForwarderError.RequestBodyDestination
                && Idempotent.Is(context.Request)
        );

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The {Service} service did not answer and is asked again: {Error}. {Reason}")]
        public static partial void Again(ILogger logger, string service, ForwarderError error, string? reason);
    }
}
