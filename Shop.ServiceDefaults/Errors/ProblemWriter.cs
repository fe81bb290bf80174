using System.Diagnostics;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Errors;

/// <summary>
/// Writes problem details whatever the caller accepts. The framework's own writer leaves those without an answer who ask for
/// HTML alone, say, though a server may answer an error with what it has (RFC 9110, 12.4.1).
/// </summary>
internal sealed class ProblemWriter(IOptions<ProblemDetailsOptions> problems, IOptions<JsonOptions> json)
    : IProblemDetailsWriter
{
    private const string ContentType = "application/problem+json";

    public bool CanWrite(ProblemDetailsContext context) => true;

    public async ValueTask WriteAsync(ProblemDetailsContext context)
    {
        var http = context.HttpContext;
        var problem = context.ProblemDetails;
        var status = problem.Status ??= http.Response.StatusCode;
        problem.Title ??= ReasonPhrases.GetReasonPhrase(status);
        problem.Extensions["traceId"] = Activity.Current?.Id ?? http.TraceIdentifier;
        problems.Value.CustomizeProblemDetails?.Invoke(context);
        await http.Response.WriteAsJsonAsync(
            problem,
            problem.GetType(),
            json.Value.SerializerOptions,
            ContentType,
            http.RequestAborted
        );
    }
}
