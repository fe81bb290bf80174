using System.Text.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;
using Shop.Users.Pages;
using Shop.Users.Provider;

namespace Shop.Users;

/// <summary>What the API's description cannot find out by itself here.</summary>
internal static class ApiDescription
{
    private const string Version = "v1";

    public static void AddApiDescription(this IServiceCollection services) =>
        services.Configure<OpenApiOptions>(
            Version,
            options =>
            {
                options.AddDocumentTransformer<TokenDescription>();
                options.AddDocumentTransformer<PageDescription>();
                options.AddSchemaTransformer(DescribeText);
            }
        );

    // Members that can be absent, null or a text are read as JSON (JsonMember).
    private static Task DescribeText(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        if (context.JsonTypeInfo.Type == typeof(JsonElement))
        {
            schema.Type = JsonSchemaType.String | JsonSchemaType.Null;
        }

        return Task.CompletedTask;
    }
}
