using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Shop.ServiceDefaults.Errors;

/// <summary>A request that could not be read: says which place or field, and what to do, in every environment.</summary>
internal sealed class BadRequestExceptionHandler(IProblemDetailsService problems) : IExceptionHandler
{
    public ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        if (exception is not BadHttpRequestException badRequest)
        {
            return ValueTask.FromResult(false);
        }

        httpContext.Response.StatusCode = badRequest.StatusCode;
        return problems.TryWriteAsync(
            new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = Describe(badRequest) }
        );
    }

    private static ProblemDetails Describe(BadHttpRequestException exception)
    {
        if (exception.StatusCode != StatusCodes.Status400BadRequest)
        {
            return new ProblemDetails { Status = exception.StatusCode };
        }

        var (field, rule) = exception.InnerException is JsonException json
            ? UnreadableJson.Explain(json)
            : UnreadableParameter.Explain(exception.Message);
        return new ProblemDetails
        {
            Status = exception.StatusCode,
            Type = Problems.TypeUri("validation"),
            Title = "The request is not valid",
            Detail = "Correct what is named in 'errors' and send the request again.",
            Extensions = { ["errors"] = new Dictionary<string, string[]> { [field] = [rule] } },
        };
    }
}
