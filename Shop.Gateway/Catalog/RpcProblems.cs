using Grpc.Core;
using Microsoft.AspNetCore.Http.HttpResults;
using Polly.CircuitBreaker;
using Polly.Timeout;
using Shop.ServiceDefaults;

namespace Shop.Gateway.Catalog;

/// <summary>Answers for a gRPC call that failed, as REST would: its status code as HTTP's, its details as problem details.</summary>
internal sealed partial class RpcProblems(ILogger<RpcProblems> logger) : IEndpointFilter
{
    private const string RetryAfterSeconds = "1";

    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        var http = context.HttpContext;
        try
        {
            return await next(context);
        }
        catch (Exception exception)
            when (exception is RpcException or OperationCanceledException
                && !http.RequestAborted.IsCancellationRequested
            )
        {
            var problem = Describe(exception, http);
            if (problem.StatusCode >= StatusCodes.Status500InternalServerError)
            {
                Log.Failed(logger, http.Request.Path, problem.StatusCode, exception.Message);
            }

            if (problem.StatusCode == StatusCodes.Status503ServiceUnavailable)
            {
                http.Response.Headers.RetryAfter = RetryAfterSeconds;
            }

            return problem;
        }
    }

    public static ProblemHttpResult NotFound(object? id) =>
        Problems.NotFound($"No product has the id {id}. GET /api/products lists those there are.");

    private static ProblemHttpResult Describe(Exception exception, HttpContext http) =>
        StatusOf(exception) switch
        {
            StatusCode.NotFound => NotFound(http.GetRouteValue("id")),
            StatusCode.InvalidArgument => Problems.Validation(Violations((RpcException)exception)),
            StatusCode.Unavailable => Problem(
                StatusCodes.Status503ServiceUnavailable,
                "unavailable",
                "The catalog service cannot be reached",
                "Repeat the request after the time in Retry-After."
            ),
            StatusCode.DeadlineExceeded => Problem(
                StatusCodes.Status504GatewayTimeout,
                "gateway-timeout",
                "The catalog service did not answer in time",
                "Nothing was changed; repeat the request later."
            ),
            _ => Problem(
                StatusCodes.Status502BadGateway,
                "bad-gateway",
                "The catalog service failed",
                "Nothing was changed; if it stays, report the correlation id."
            ),
        };

    private static StatusCode StatusOf(Exception exception) =>
        exception switch
        {
            // The deadline: the channel is set to end calls as every other asynchronous method does.
            OperationCanceledException => StatusCode.DeadlineExceeded,
            // To gRPC all that the HTTP client's resilience does is INTERNAL.
            RpcException { Status.DebugException: BrokenCircuitException } => StatusCode.Unavailable,
            RpcException { Status.DebugException: TimeoutRejectedException } => StatusCode.DeadlineExceeded,
            RpcException rpc => rpc.StatusCode,
            _ => StatusCode.Unknown,
        };

    private static Dictionary<string, string[]> Violations(RpcException exception) =>
        exception
            .GetRpcStatus()
            ?.GetDetail<Google.Rpc.BadRequest>()
            ?.FieldViolations.GroupBy(violation => violation.Field)
            .ToDictionary(field => field.Key, field => field.Select(violation => violation.Description).ToArray())
        ?? [];

    private static ProblemHttpResult Problem(int status, string kind, string title, string detail) =>
        TypedResults.Problem(detail, statusCode: status, title: title, type: Problems.TypeUri(kind));

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Warning, "{Path}: the catalogue's gRPC service gave no answer, so {Status}. {Reason}")]
        public static partial void Failed(ILogger logger, string path, int status, string reason);
    }
}
