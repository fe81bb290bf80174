using System.Text.Json;
using Microsoft.AspNetCore.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Mvc;

namespace Shop.ServiceDefaults.Errors;

/// <summary>A request that could not be read: says which place or field, and what to do, in every environment.</summary>
internal sealed class BadRequestExceptionHandler(IProblemDetailsService problems) : IExceptionHandler
{
    private const string FormReader = "Microsoft.AspNetCore.WebUtilities";

    public ValueTask<bool> TryHandleAsync(
        HttpContext httpContext,
        Exception exception,
        CancellationToken cancellationToken
    )
    {
        var problem = exception switch
        {
            BadHttpRequestException badRequest => Describe(badRequest),
            // Other than for JSON, the framework takes it for a fault of ours.
            InvalidDataException { Source: FormReader } => Invalid(
                "$",
                "The form is not well-formed, or has NUL in it."
            ),
            _ => null,
        };
        if (problem is null)
        {
            return ValueTask.FromResult(false);
        }

        httpContext.Response.StatusCode = problem.Status!.Value;
        return problems.TryWriteAsync(
            new ProblemDetailsContext { HttpContext = httpContext, ProblemDetails = problem }
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
        return Invalid(field, rule);
    }

    private static ProblemDetails Invalid(string field, string rule) =>
        new()
        {
            Status = StatusCodes.Status400BadRequest,
            Type = Problems.TypeUri("validation"),
            Title = "The request is not valid",
            Detail = "Correct what is named in 'errors' and send the request again.",
            Extensions = { ["errors"] = new Dictionary<string, string[]> { [field] = [rule] } },
        };
}
