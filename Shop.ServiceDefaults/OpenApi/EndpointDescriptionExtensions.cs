using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Shop.ServiceDefaults.OpenApi;

namespace Shop.ServiceDefaults;

/// <summary>What an endpoint tells about itself in the API's description beyond its types.</summary>
public static class EndpointDescriptionExtensions
{
    /// <summary>Declares problems of its own; those that the defaults answer for every endpoint are declared already.</summary>
    public static RouteHandlerBuilder ProducesProblems(this RouteHandlerBuilder endpoint, params int[] statuses)
    {
        ArgumentNullException.ThrowIfNull(statuses);
        foreach (var status in statuses)
        {
            endpoint.ProducesProblem(status);
        }

        return endpoint;
    }

    /// <summary>Shows a body that is valid.</summary>
    public static RouteHandlerBuilder WithBodyExample(this RouteHandlerBuilder endpoint, object body) =>
        endpoint.WithMetadata(new BodyExample(body));

    /// <summary>The answer is a page for those who prefer HTML.</summary>
    public static RouteHandlerBuilder ProducesHtmlToo(this RouteHandlerBuilder endpoint) =>
        endpoint.WithMetadata(new HtmlAnswer());

    /// <summary>A repeated request with the same <c>Idempotency-Key</c> is done once; another one with it is a conflict.</summary>
    public static RouteHandlerBuilder TakesIdempotencyKey(this RouteHandlerBuilder endpoint) =>
        endpoint
            .WithMetadata(
                new RequestHeader(
                    "Idempotency-Key",
                    "A new one for each thing that is to be done, such as a UUID: then the request can be repeated.",
                    Example: "0199f7c1-a9b1-7c3e-8d7e-4f3b2a190817",
                    IsRequired: false
                )
            )
            .ProducesProblems(StatusCodes.Status409Conflict);

    /// <summary>The caller says with <c>If-Match</c> which version the change is about.</summary>
    public static RouteHandlerBuilder TakesIfMatch(this RouteHandlerBuilder endpoint, bool isRequired)
    {
        endpoint
            .WithMetadata(
                new RequestHeader("If-Match", "The ETag of what is changed, or `*`.", Example: "*", isRequired)
            )
            .ProducesProblems(StatusCodes.Status412PreconditionFailed);
        return isRequired ? endpoint.ProducesProblems(StatusCodes.Status428PreconditionRequired) : endpoint;
    }

    /// <summary>The caller says with <c>If-None-Match</c> which version it has, and is not sent that again.</summary>
    public static RouteHandlerBuilder TakesIfNoneMatch(this RouteHandlerBuilder endpoint) =>
        endpoint
            .WithMetadata(
                new RequestHeader(
                    "If-None-Match",
                    "The ETag of what the caller has.",
                    Example: "\"1\"",
                    IsRequired: false
                )
            )
            .Produces(StatusCodes.Status304NotModified);
}
