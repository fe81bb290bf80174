using Microsoft.AspNetCore.Mvc;
using Shop.Gateway.Routing;
using Shop.ServiceDefaults;
using Yarp.ReverseProxy.Forwarder;

namespace Shop.Gateway.Failures;

/// <summary>
/// Answers for a service that did not: 503 when it cannot be reached, 504 when it stays silent, 502 when it breaks off. An
/// answer that already went out in part cannot be taken back; that connection is cut, so that nobody takes it for whole.
/// </summary>
internal sealed partial class ForwardingProblems(
    RequestDelegate next,
    IProblemDetailsService problems,
    ILogger<ForwardingProblems> logger
)
{
    private const string RetryAfterSeconds = "1";

    public async Task InvokeAsync(HttpContext context)
    {
        await next(context);

        if (context.GetForwarderErrorFeature() is not { } error || context.RequestAborted.IsCancellationRequested)
        {
            return;
        }

        var service = context.GetReverseProxyFeature().ServiceOf();
        Log.NotForwarded(logger, service, error.Error, error.Exception?.Message);
        if (context.Response.HasStarted)
        {
            return;
        }

        context.Response.Clear();
        var problem = Describe(error, service);
        context.Response.StatusCode = problem.Status!.Value;
        if (problem.Status == StatusCodes.Status503ServiceUnavailable)
        {
            context.Response.Headers.RetryAfter = RetryAfterSeconds;
        }

        await problems.TryWriteAsync(new ProblemDetailsContext { HttpContext = context, ProblemDetails = problem });
    }

    private static ProblemDetails Describe(IForwarderErrorFeature error, string service) =>
        error switch
        {
            { Exception: var exception } when RefusedBody(exception) is { } refused => new ProblemDetails
            {
                Status = refused.StatusCode,
            },
            { Error: ForwarderError.RequestBodyClient } => new ProblemDetails
            {
                Status = StatusCodes.Status400BadRequest,
            },
            { Error: ForwarderError.NoAvailableDestinations } => Unavailable(service),
            _ when Unreachable.Is(error) => Unavailable(service),
            {
                Error: ForwarderError.RequestTimedOut
                    or ForwarderError.RequestCanceled
                    or ForwarderError.RequestBodyCanceled
                    or ForwarderError.ResponseBodyCanceled
            } => new ProblemDetails
            {
                Status = StatusCodes.Status504GatewayTimeout,
                Type = Problems.TypeUri("gateway-timeout"),
                Title = $"The {service} service did not answer in time",
                Detail =
                    "It may have done what it was asked. Look before repeating, or repeat with the same Idempotency-Key.",
            },
            _ => new ProblemDetails
            {
                Status = StatusCodes.Status502BadGateway,
                Type = Problems.TypeUri("bad-gateway"),
                Title = $"The {service} service broke off its answer",
                Detail =
                    "It may have done what it was asked. Look before repeating, or repeat with the same Idempotency-Key.",
            },
        };

    private static ProblemDetails Unavailable(string service) =>
        new()
        {
            Status = StatusCodes.Status503ServiceUnavailable,
            Type = Problems.TypeUri("unavailable"),
            Title = $"The {service} service cannot be reached",
            Detail = "It has not seen the request. Repeat it after the time in Retry-After.",
        };

    /// <summary>The server itself gave up reading the body: too long, too slow, or malformed.</summary>
    private static BadHttpRequestException? RefusedBody(Exception? exception)
    {
        while (exception is not null and not BadHttpRequestException)
        {
            exception = exception.InnerException;
        }

        return exception as BadHttpRequestException;
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "The {Service} service did not answer: {Error}. {Reason}")]
        public static partial void NotForwarded(ILogger logger, string service, ForwarderError error, string? reason);
    }
}
