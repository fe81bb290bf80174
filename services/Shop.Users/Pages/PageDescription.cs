using System.Globalization;
using System.Text.Json.Nodes;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shop.Users.Provider;

namespace Shop.Users.Pages;

/// <summary>Describes what browsers are sent to: forms in, pages and redirects out.</summary>
internal sealed class PageDescription : IOpenApiDocumentTransformer
{
    private static readonly Field[] None = [];

    private static readonly Field[] ReturnTo =
    [
        new(
            ReturnAddress.Parameter,
            "Where to go on: a path of `/connect/authorize`, and nothing else.",
            "/connect/authorize"
        ),
    ];

    // Of OpenID Connect Core 1.0, 3.1.2.1, and RFC 7636, 4.3.
    private static readonly Field[] Authorization =
    [
        new("client_id", "Who asks: `shop-storefront`.", "shop-storefront"),
        new(
            "redirect_uri",
            "Where the code goes: one of the client's own addresses.",
            "https://storefront.example/callback"
        ),
        new("response_type", "`code`.", "code"),
        new(
            "scope",
            "`shop` for the API, `openid` for an ID token, `offline_access` for a refresh token.",
            "shop openid offline_access"
        ),
        new(
            "code_challenge",
            "SHA-256 of the code verifier, in Base64url.",
            "E9Melhoa2OwvFrEMTJguCHaoeK1t8URWbuGJSstw-cM"
        ),
        new("code_challenge_method", "`S256`.", "S256"),
        new("state", "Comes back with the code.", "af0ifjsldkj"),
        new("nonce", "Comes back in the ID token.", "n-0S6_WzA2Mj"),
        new("prompt", "`none` shows no page, `login` asks in any case.", "login"),
        new("max_age", "How many seconds ago the sign-in may have been.", "3600"),
    ];

    // Of OpenID Connect RP-Initiated Logout 1.0, 2.
    private static readonly Field[] EndSession =
    [
        new(
            "id_token_hint",
            "An ID token of whoever is signed in; without one they are asked.",
            "eyJhbGciOiJSUzI1NiJ9.e30.c2lnbmF0dXJl"
        ),
        new("client_id", "Who asks.", "shop-storefront"),
        new(
            "post_logout_redirect_uri",
            "Where to go on: one of the client's own addresses.",
            "https://storefront.example/"
        ),
        new("state", "Comes back with that.", "af0ifjsldkj"),
    ];

    private static readonly Field[] Login =
    [
        new("email", "The e-mail address.", "ada@example.com"),
        new("password", "The password.", "correct horse battery"),
    ];

    private static readonly Field[] Register = [new("name", "The name.", "Ada"), .. Login];

    /// <inheritdoc />
    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        Add(LoginPage.Path, HttpMethod.Get, "Show login page", ReturnTo, None, 200);
        Add(LoginPage.Path, HttpMethod.Post, "Log in", ReturnTo, Login, 303, 400);
        Add(RegisterPage.Path, HttpMethod.Get, "Show registration page", ReturnTo, None, 200);
        Add(RegisterPage.Path, HttpMethod.Post, "Register on page", ReturnTo, Register, 303, 400);
        Add(LogoutPage.Path, HttpMethod.Get, "Show logout page", None, None, 200);
        Add(LogoutPage.Path, HttpMethod.Post, "Log out", None, None, 200, 303);
        Add(AuthorizationRequests.Path, HttpMethod.Get, "Authorize", Authorization, None, 302, 303, 400);
        Add(AuthorizationRequests.Path, HttpMethod.Post, "Authorize by form", None, Authorization, 302, 303, 400);
        Add(EndSessionRequests.Path, HttpMethod.Get, "End session", EndSession, None, 200, 302, 400);
        Add(EndSessionRequests.Path, HttpMethod.Post, "End session by form", None, EndSession, 200, 302, 400);
        return Task.CompletedTask;

        void Add(string path, HttpMethod method, string summary, Field[] query, Field[] form, params int[] statuses)
        {
            var operation = new OpenApiOperation
            {
                OperationId = string.Concat(
                    summary.Split(' ').Select(CultureInfo.InvariantCulture.TextInfo.ToTitleCase)
                ),
                Summary = summary,
                Parameters = [.. query.Select(Parameter)],
                RequestBody = method == HttpMethod.Post ? Form(form) : null,
                Responses = [],
            };
            foreach (var status in statuses)
            {
                operation.Responses[Key(status)] = Answer(status, document);
            }

            foreach (var status in (int[])(method == HttpMethod.Post ? [408, 413, 415, 500, 503] : [500, 503]))
            {
                operation.Responses[Key(status)] = new OpenApiResponseReference($"Problem{status}", document);
            }

            if (!document.Paths.TryGetValue(path, out var item))
            {
                document.Paths[path] = item = new OpenApiPathItem();
            }

            ((OpenApiPathItem)item).AddOperation(method, operation);
        }
    }

    private static IOpenApiParameter Parameter(Field field) =>
        new OpenApiParameter
        {
            Name = field.Name,
            In = ParameterLocation.Query,
            Description = field.About,
            Schema = Text(),
            Example = field.Example,
        };

    private static OpenApiRequestBody Form(Field[] fields) =>
        new()
        {
            Description = "With what the page hides in its form, so that no other site can send it.",
            Content = new Dictionary<string, OpenApiMediaType>
            {
                ["application/x-www-form-urlencoded"] = new()
                {
                    Schema = new OpenApiSchema
                    {
                        Type = JsonSchemaType.Object,
                        Properties = fields.ToDictionary(
                            field => field.Name,
                            IOpenApiSchema (field) => Text(field.About)
                        ),
                    },
                    Example = new JsonObject(
                        fields.Select(field => KeyValuePair.Create<string, JsonNode?>(field.Name, field.Example))
                    ),
                },
            },
        };

    private static OpenApiResponse Answer(int status, OpenApiDocument document)
    {
        if (status is StatusCodes.Status302Found or StatusCodes.Status303SeeOther)
        {
            return new OpenApiResponse
            {
                Description = status == StatusCodes.Status302Found ? "Back to the client." : "On to another page.",
                Headers = new Dictionary<string, IOpenApiHeader>
                {
                    ["Location"] = new OpenApiHeader { Schema = Text() },
                },
            };
        }

        var answer = new OpenApiResponse
        {
            Description = status == StatusCodes.Status200OK ? "The page." : "A page that says what is wrong.",
            Content = new Dictionary<string, OpenApiMediaType> { ["text/html"] = new() { Schema = Text() } },
        };
        if (status == StatusCodes.Status400BadRequest)
        {
            // What cannot be read at all, or is no text for a database, is refused before there is a page.
            answer.Content["application/problem+json"] = new OpenApiMediaType
            {
                Schema = new OpenApiSchemaReference("ProblemDetails", document),
            };
        }

        return answer;
    }

    private static OpenApiSchema Text(string? about = null) =>
        new() { Type = JsonSchemaType.String, Description = about };

    private static string Key(int status) => status.ToString(CultureInfo.InvariantCulture);

    /// <summary>A parameter or a form's field: what it means, and a value that could stand there.</summary>
    private sealed record Field(string Name, string About, string Example);
}
