using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shop.Users.Data;

namespace Shop.Users.Provider;

/// <summary>
/// Describes <c>POST /connect/token</c> and <c>/connect/revocation</c>, which OpenIddict answers before any endpoint is reached:
/// a form in, and errors as RFC 6749, 5.2 has them. What is for Development only is not told elsewhere.
/// </summary>
internal sealed class TokenDescription(IHostEnvironment environment) : IOpenApiDocumentTransformer
{
    private const string Json = "application/json";

    private readonly bool _isDevelopment = environment.IsDevelopment();

    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        Add(
            document,
            "/connect/token",
            "Get token",
            "An access token for a code, a refresh token"
                + (
                    _isDevelopment
                        ? ", a client's own secret, or a password (OAuth 2.0)."
                        : " or a client's own secret (OAuth 2.0)."
                ),
            new OpenApiMediaType { Schema = Request(), Example = RequestExample() },
            Answer("The tokens.", Token(), TokenExample())
        );
        Add(
            document,
            "/connect/revocation",
            "Revoke token",
            "Gives a refresh token back, with all that came of it (RFC 7009). One that is not known is as good as given back.",
            new OpenApiMediaType { Schema = Revocation(), Example = RevocationExample() },
            Answer("It is worth nothing any more.", new OpenApiSchema { Type = JsonSchemaType.Object }, [])
        );
        return Task.CompletedTask;
    }

    private static void Add(
        OpenApiDocument document,
        string path,
        string summary,
        string description,
        OpenApiMediaType form,
        OpenApiResponse answer
    )
    {
        var operation = new OpenApiOperation
        {
            OperationId = summary.Replace(" t", "T", StringComparison.Ordinal),
            Summary = summary,
            Description = description,
            RequestBody = new OpenApiRequestBody
            {
                Required = true,
                Content = new Dictionary<string, OpenApiMediaType> { ["application/x-www-form-urlencoded"] = form },
            },
            Responses = new OpenApiResponses
            {
                ["200"] = answer,
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

        document.Paths[path] = new OpenApiPathItem
        {
            Operations = new Dictionary<HttpMethod, OpenApiOperation> { [HttpMethod.Post] = operation },
        };
    }

    private OpenApiSchema Request()
    {
        string[] grants = ["authorization_code", "refresh_token", "client_credentials"];
        var request = new OpenApiSchema
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "grant_type" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["grant_type"] = Grants(grants),
                ["client_id"] = Text("Who asks; `shop-storefront` needs no secret."),
                ["client_secret"] = Text("Of a client that has one."),
                ["scope"] = Text("`shop` for the API; with `offline_access` there is a refresh token, too."),
                ["refresh_token"] = Text("For `refresh_token`; it is good once."),
                ["code"] = Text("For `authorization_code`; it is good once."),
                ["redirect_uri"] = Text("Where the code was sent."),
                ["code_verifier"] = Text("What the code challenge was made of (RFC 7636)."),
            },
        };
        if (_isDevelopment)
        {
            request.Properties["grant_type"] = Grants([.. grants, "password"]);
            request.Properties["client_id"] = Text("Who asks; `shop-storefront` and `shop-cli` need no secret.");
            request.Properties["username"] = Text("An e-mail address, for `password`.");
            request.Properties["password"] = Text("For `password`.");
        }

        return request;
    }

    private static OpenApiSchema Grants(IEnumerable<string> grants) =>
        new() { Type = JsonSchemaType.String, Enum = [.. grants.Select(grant => (JsonNode)grant)] };

    private static OpenApiSchema Revocation() =>
        new()
        {
            Type = JsonSchemaType.Object,
            Required = new HashSet<string> { "token" },
            Properties = new Dictionary<string, IOpenApiSchema>
            {
                ["token"] = Text("The refresh token."),
                ["client_id"] = Text("Whose it is."),
                ["client_secret"] = Text("Of a client that has one."),
            },
        };

    private JsonObject RevocationExample() =>
        new() { ["token"] = "eyJhbGciOi...", ["client_id"] = _isDevelopment ? Clients.Cli : Storefront.ClientId };

    private JsonObject RequestExample() =>
        _isDevelopment
            ? new()
            {
                ["grant_type"] = "password",
                ["client_id"] = Clients.Cli,
                ["scope"] = "shop",
                ["username"] = "customer@shop.test",
                ["password"] = DemoPeople.Password,
            }
            : new()
            {
                ["grant_type"] = "authorization_code",
                ["client_id"] = Storefront.ClientId,
                ["code"] = "eyJhbGciOi...",
                ["redirect_uri"] = "https://storefront.example/callback",
                ["code_verifier"] = "dBjftJeZ4CVP-mB92K27uhbUJU1p1r_wW1gFWFOEjXk",
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
