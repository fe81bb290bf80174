using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.AspNetCore.Routing;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.ServiceDefaults.OpenApi;

internal static class OpenApiSetup
{
    /// <summary>The version of the API that this is, the same in every service.</summary>
    public const string Version = "v1";

    /// <summary>
    /// Every endpoint that does not exclude itself is described by OpenAPI: as its metadata says, plus what the defaults can
    /// answer before and behind it.
    /// </summary>
    public static void AddApiDescription(this IServiceCollection services) =>
        services.AddOpenApi(
            Version,
            options =>
            {
                options.CreateSchemaReferenceId = ReferenceId;
                options.AddSchemaTransformer<SchemaDefaults>();
                options.AddOperationTransformer<OperationDefaults>();
                options.AddOperationTransformer<ProblemDefaults>();
                options.AddDocumentTransformer<DocumentDefaults>();
            }
        );

    // Any JSON is not worth a name.
    private static string? ReferenceId(JsonTypeInfo type) =>
        type.Type == typeof(JsonElement) || typeof(JsonNode).IsAssignableFrom(type.Type)
            ? null
            : OpenApiOptions.CreateDefaultSchemaReferenceId(type);

    /// <summary><c>/openapi/v1.json</c>. As a pattern, so that the gateway can put the whole shop's in its place.</summary>
    public static void MapApiDescription(this IEndpointRouteBuilder endpoints) =>
        endpoints.MapOpenApi("/openapi/{documentName}.json").AllowAnonymous();
}
