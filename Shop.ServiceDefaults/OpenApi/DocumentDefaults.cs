using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>What every document has: title, version, how to sign in, and the problems that operations refer to.</summary>
internal sealed class DocumentDefaults(IHostEnvironment environment) : IOpenApiDocumentTransformer
{
    /// <summary>The security scheme's key.</summary>
    public const string Bearer = "bearer";

    /// <summary>The key of the scheme that says where such a token comes from.</summary>
    public const string OAuth2 = "oauth2";

    /// <summary>The scope that the API wants.</summary>
    public const string Scope = "shop";

    // At the gateway, whatever that is called from outside.
    private static readonly Uri AuthorizationUrl = new("/connect/authorize", UriKind.Relative);
    private static readonly Uri TokenUrl = new("/connect/token", UriKind.Relative);

    public Task TransformAsync(
        OpenApiDocument document,
        OpenApiDocumentTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        document.Info = new OpenApiInfo { Title = environment.ApplicationName, Version = OpenApiSetup.Version };
        // Where it is asked for is where it is; what it calls itself may be an address inside.
        document.Servers = [];
        document.Components ??= new OpenApiComponents();
        document.Components.SecuritySchemes ??= new Dictionary<string, IOpenApiSecurityScheme>();
        document.Components.SecuritySchemes[Bearer] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.Http,
            Scheme = Bearer,
            BearerFormat = "JWT",
            Description = "An access token of the shop, from `POST /connect/token`.",
        };
        document.Components.SecuritySchemes[OAuth2] = new OpenApiSecurityScheme
        {
            Type = SecuritySchemeType.OAuth2,
            Description =
                "The same token, and where it comes from: people sign in on the shop's own page. The client needs a proof key (PKCE, S256).",
            Flows = new OpenApiOAuthFlows
            {
                AuthorizationCode = Flow(AuthorizationUrl),
                Password = environment.IsDevelopment() ? Flow(null) : null,
            },
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemResponses.Schema] = ProblemResponses.CreateSchema();
        document.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        foreach (var status in ProblemResponses.Statuses)
        {
            document.Components.Responses[ProblemResponses.Key(status)] = ProblemResponses.Create(status, document);
        }

        foreach (var schema in document.Components.Schemas.Values.OfType<OpenApiSchema>())
        {
            DemandRequired(schema);
        }

        return Task.CompletedTask;
    }

    private static OpenApiOAuthFlow Flow(Uri? authorizationUrl) =>
        new()
        {
            AuthorizationUrl = authorizationUrl,
            TokenUrl = TokenUrl,
            RefreshUrl = TokenUrl,
            Scopes = new Dictionary<string, string> { [Scope] = "The API, as the caller's roles allow." },
        };

    /// <summary>
    /// A request's members may all be null in C#, so that a rule can say that one is missing. In what is described, those are
    /// required that have no default, and null is as good as missing.
    /// </summary>
    private static void DemandRequired(OpenApiSchema schema)
    {
        // Requests alone refuse members that they do not know.
        if (schema.AdditionalPropertiesAllowed || schema.Properties is not { } members)
        {
            return;
        }

        foreach (var name in schema.Required ?? new HashSet<string>())
        {
            if (members[name] is not OpenApiSchema member)
            {
                continue;
            }

            member.Type &= ~JsonSchemaType.Null;
            if (member.OneOf is { Count: 2 } choices && choices.Any(choice => choice.Type == JsonSchemaType.Null))
            {
                members[name] = choices.Single(choice => choice.Type != JsonSchemaType.Null);
            }
        }
    }
}
