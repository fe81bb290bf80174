using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Shop.Users.Provider;

/// <summary>
/// Describes <c>POST /connect/token</c>, which OpenIddict answers before any endpoint is reached: a form in, and errors as
/// RFC 6749, 5.2 has them.
/// </summary>
internal sealed class TokenDescription : IOpenApiDocumentTransformer
{
    private const string Json = "application/json";

    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var operation = new OpenApiOperation
        {
            OperationId = "GetToken",
            Summary = "Get token",
            Description =
                "An access token for a password (in Development), for a client's own secret, or for a refresh token (OAuth 2.0).",
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType>
                {
                    ["application/x-www-form-urlencoded"] = new() { Schema = Request(), Example = RequestExample() },
                },
            },
            Responses = new OpenApiResponses
            {
                ["200"] = Answer("The tokens.", Token(), TokenExample()),
                ["400"] = Answer("Who asks is refused; `error` says why.", Error(), ErrorExample("invalid_grant")),
                ["401"] = Answer("The client's secret is wrong.", Error(), ErrorExample("invalid_client")),
            },
        };
        // What is no form at all the server refuses before OpenIddict reads it.
        operation.Responses["400"].Content!["application/problem+json"] = new OpenApiMediaType
        {
            Schema = new OpenApiSchemaReference("ProblemDetails", document),
        };
        foreach (var status in new[] { 408, 413, 415, 500, 503 })
        {
            operation.Responses[$"{status}"] = new OpenApiResponseReference($"Problem{status}", document);
        }

        document.Paths["/connect/token"] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = operation },
        };
        return Task.CompletedTask;
    }

    private static OpenApiSchema Request() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "grant_type" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["grant_type"] = new OpenApiSchema
                {
                    Type = JsonSchemaType.String,
                    Enum = ["password", "client_credentials", "refresh_token"],
                },
                ["client_id"] = Text("Who asks; `shop-cli` needs no secret."),
                ["client_secret"] = Text("Of a client that has one."),
                ["scope"] = Text("`shop` for the API; with `offline_access` there is a refresh token, too."),
                ["username"] = Text("An e-mail address, for `password`."),
                ["password"] = Text("For `password`."),
                ["refresh_token"] = Text("For `refresh_token`; it is good once."),
            },
        };

    private static JsonObject RequestExample() =>
        new()
        {
            ["grant_type"] = "password",
            ["client_id"] = "shop-cli",
            ["scope"] = "shop",
            ["username"] = "customer@shop.test",
            ["password"] = "Pa55-word!",
        };

    private static OpenApiSchema Token() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "access_token", "token_type", "expires_in" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["access_token"] = Text("For the header `Authorization: Bearer ...`."),
                ["token_type"] = Text("`Bearer`."),
                ["expires_in"] = new OpenApiSchema { Type = JsonSchemaType.Integer, Description = "In seconds." },
                ["refresh_token"] = Text("If the scope has `offline_access`."),
                ["id_token"] = Text("If the scope has `openid`."),
                ["scope"] = Text("What was granted, if it is not what was asked for."),
            },
        };

    private static JsonObject TokenExample() =>
        new()
        {
            ["access_token"] = "eyJhbGciOiJSUzI1NiIs...",
            ["token_type"] = "Bearer",
            ["expires_in"] = 899,
        };

    private static OpenApiSchema Error() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "error" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["error"] = Text("A code of RFC 6749."),
                ["error_description"] = Text("In words."),
                ["error_uri"] = Text("More about it."),
            },
        };

    private static JsonObject ErrorExample(string code) => new() { ["error"] = code };

    private static OpenApiSchema Text(string description) =>
        new() { Type = JsonSchemaType.String, Description = description };

    private static OpenApiResponse Answer(string description, OpenApiSchema schema, JsonObject example) =>
        new()
        {
            Description = description,
            Content = new Dictionary<string, OpenApiMediaType>
            {
                [Json] = new() { Schema = schema, Example = example },
            },
        };
}
