using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.WebUtilities;
using Microsoft.OpenApi;
using Shop.ServiceDefaults.Errors;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>Error answers as reusable parts of a document, one for each status.</summary>
internal static class ProblemResponses
{
    /// <summary>The schema's key.</summary>
    public const string Schema = "ProblemDetails";

    /// <summary>RFC 9457, 6.1.</summary>
    public const string ContentType = "application/problem+json";

    private static readonly Dictionary<int, string> Meanings = new()
    {
        [StatusCodes.Status400BadRequest] = "The request breaks rules; `errors` names the fields.",
        [StatusCodes.Status401Unauthorized] = "There is no access token, or it is not valid (any more).",
        [StatusCodes.Status403Forbidden] = "The caller's role does not allow this.",
        [StatusCodes.Status404NotFound] = "There is no such thing, or it is not the caller's.",
        [StatusCodes.Status408RequestTimeout] = "The body came too slowly.",
        [StatusCodes.Status409Conflict] = "The request contradicts the present state, or an earlier request.",
        [StatusCodes.Status412PreconditionFailed] = "It was changed meanwhile: `If-Match` names another version.",
        [StatusCodes.Status413PayloadTooLarge] = "The body is larger than this address takes.",
        [StatusCodes.Status415UnsupportedMediaType] = "The body is not JSON.",
        [StatusCodes.Status422UnprocessableEntity] =
            "The request is well-formed, but what it refers to does not allow it.",
        [StatusCodes.Status428PreconditionRequired] = "The request does not say which version it is about.",
        [StatusCodes.Status429TooManyRequests] = "Too many requests; `Retry-After` says when to come back.",
        [StatusCodes.Status500InternalServerError] = "A fault of the shop's.",
        [StatusCodes.Status502BadGateway] = "A service broke off its answer.",
        [StatusCodes.Status503ServiceUnavailable] = "A part of the shop cannot be reached; repeat it in a moment.",
        [StatusCodes.Status504GatewayTimeout] = "A service did not answer in time.",
    };

    /// <summary>Every status that the shop answers errors with.</summary>
    public static IEnumerable<int> Statuses => Meanings.Keys;

    /// <summary>The key of a status's response in a document.</summary>
    public static string Key(int status) => string.Create(CultureInfo.InvariantCulture, $"Problem{status}");

    /// <summary>A problem, or what else <paramref name="others"/> says.</summary>
    public static OpenApiResponse Create(
        int status,
        OpenApiDocument document,
        IEnumerable<KeyValuePair<string, OpenApiMediaType>>? others = null
    ) =>
        new()
        {
            Description = Meanings[status],
            Headers = Headers(status),
            Content = new Dictionary<string, OpenApiMediaType>(others ?? [])
            {
                [ContentType] = new()
                {
                    Schema = new OpenApiSchemaReference(Schema, document),
                    Example = Example(status),
                },
            },
        };

    /// <summary>RFC 9457 with the shop's extensions.</summary>
    public static OpenApiSchema CreateSchema() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Description = "What went wrong and what to do (RFC 9457).",
            Required = new HashSet<string> { "type", "title", "status" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["type"] = Text("Stands for the kind of problem and never changes.", "uri"),
                ["title"] = Text("The kind in words."),
                ["status"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "The answer's status." },
                ["detail"] = Text("What it is about here, and what to do."),
                ["instance"] = Text("The request."),
                ["errors"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.Object,
                    Description = "For each field (`items[0].quantity`) the rules it breaks.",
                    AdditionalProperties = new OpenApiSchema { Type = JsonSchemaType.Array, Items = Text(null) },
                },
                ["correlationId"] = Text("The id by which everything that was done for the request is found."),
                ["traceId"] = Text("The trace's id."),
            },
        };

    private static Dictionary<string, IOpenApiHeader>? Headers(int status) =>
        status switch
        {
            StatusCodes.Status401Unauthorized => Header(
                "WWW-Authenticate",
                Text("`Bearer`, and what is wrong with the token.")
            ),
            StatusCodes.Status429TooManyRequests or StatusCodes.Status503ServiceUnavailable => Header(
                "Retry-After",
                new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "When to come back, in seconds." }
            ),
            _ => null,
        };

    private static Dictionary<string, IOpenApiHeader> Header(string name, OpenApiSchema schema) =>
        new()
        {
            [name] = new OpenApiHeader { Description = schema.Description, Schema = schema },
        };

    private static OpenApiSchema Text(string? description, string? format = null) =>
        new()
        {
            Type = JsonSchemaType.String,
            Description = description,
            Format = format,
        };

    private static JsonObject Example(int status)
    {
        var kind = status == StatusCodes.Status400BadRequest ? "validation" : FrameworkProblem.Kind(status);
        var example = new JsonObject
        {
            ["type"] = Problems.TypeUri(kind),
            ["title"] = ReasonPhrases.GetReasonPhrase(status),
            ["status"] = status,
            ["detail"] = FrameworkProblem.WhatToDo(status),
            ["correlationId"] = "0199f7c1a9b17c3e8d7e4f3b2a190817",
        };
        if (status == StatusCodes.Status400BadRequest)
        {
            example["errors"] = new JsonObject { ["pageSize"] = new JsonArray("Must be from 1 to 100.") };
        }

        return example;
    }
}
