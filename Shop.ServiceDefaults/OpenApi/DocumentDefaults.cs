using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Hosting;
using Microsoft.OpenApi;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>What every document has: title, version, how to sign in, and the problems that operations refer to.</summary>
internal sealed class DocumentDefaults(IHostEnvironment environment) : IOpenApiDocumentTransformer
{
    /// <summary>The security scheme's key.</summary>
    public const string Bearer = "bearer";

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
            Description = "An access token of the shop.",
        };
        document.Components.Schemas ??= new Dictionary<string, IOpenApiSchema>();
        document.Components.Schemas[ProblemResponses.Schema] = ProblemResponses.CreateSchema();
        document.Components.Responses ??= new Dictionary<string, IOpenApiResponse>();
        foreach (var status in ProblemResponses.Statuses)
        {
            document.Components.Responses[ProblemResponses.Key(status)] = ProblemResponses.Create(status, document);
        }

        return Task.CompletedTask;
    }
}
