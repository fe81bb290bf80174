using System.Globalization;
using System.Reflection;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.AspNetCore.Http.Json;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.Extensions.Options;
using Microsoft.OpenApi;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>What an operation is called, what it is for, what it takes: from names, XML docs and metadata.</summary>
internal sealed partial class OperationDefaults(IOptions<JsonOptions> json) : IOpenApiOperationTransformer
{
    public Task TransformAsync(
        OpenApiOperation operation,
        OpenApiOperationTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        var metadata = context.Description.ActionDescriptor.EndpointMetadata;
        operation.Summary ??= InWords(operation.OperationId);
        var handler = metadata.OfType<MethodInfo>().FirstOrDefault();
        operation.Description ??= handler is null ? null : XmlDocs.Of(handler);
        foreach (var header in metadata.OfType<RequestHeader>())
        {
            operation.Parameters ??= [];
            operation.Parameters.Add(header.ToParameter());
        }

        foreach (var parameter in operation.Parameters?.OfType<OpenApiParameter>() ?? [])
        {
            parameter.Description ??= handler is null ? null : XmlDocs.Of(handler, parameter.Name!);
            if (parameter.Schema is OpenApiSchema schema)
            {
                DescribePaging(parameter, schema);
            }
        }

        DescribeHeaders(operation);
        if (metadata.OfType<BodyExample>().FirstOrDefault() is { } example)
        {
            foreach (var body in operation.RequestBody?.Content?.Values ?? [])
            {
                body.Example = JsonSerializer.SerializeToNode(example.Value, json.Value.SerializerOptions);
            }
        }

        if (metadata.OfType<HtmlAnswer>().Any() && operation.Responses?["200"].Content is { } answers)
        {
            answers["text/html"] = new OpenApiMediaType { Schema = new OpenApiSchema { Type = JsonSchemaType.String } };
        }

        return Task.CompletedTask;
    }

    /// <summary>A new thing has an address, what takes versions tells them, and what repeats says so.</summary>
    private static void DescribeHeaders(OpenApiOperation operation)
    {
        var taken = operation.Parameters?.Select(parameter => parameter.Name).ToHashSet() ?? [];
        foreach (var (status, answer) in operation.Responses ?? [])
        {
            if (answer is not OpenApiResponse response || status is not ("200" or "201" or "304"))
            {
                continue;
            }

            if (status == "201")
            {
                Add(response, "Location", "Where what is new can be read.");
            }

            if (taken.Contains("If-Match") || taken.Contains("If-None-Match"))
            {
                Add(response, "ETag", "The version, for `If-Match` and `If-None-Match`.");
            }

            if (taken.Contains("Idempotency-Key"))
            {
                Add(response, "Idempotency-Replayed", "`true` when the request was done before; this is what it gave.");
            }
        }

        static void Add(OpenApiResponse response, string name, string about)
        {
            response.Headers ??= new Dictionary<string, IOpenApiHeader>();
            response.Headers[name] = new OpenApiHeader
            {
                Description = about,
                Schema = new OpenApiSchema { Type = JsonSchemaType.String },
            };
        }
    }

    private static void DescribePaging(OpenApiParameter parameter, OpenApiSchema schema)
    {
        var (most, usual, description) = parameter.Name switch
        {
            "page" => (Paging.MaxNumber, (JsonNode?)1, "Which page."),
            "pageSize" => (Paging.MaxPageSize, Paging.DefaultPageSize, "The most entries of a page."),
            _ => (0, null, null),
        };
        if (usual is not null)
        {
            schema.Minimum = "1";
            schema.Maximum = most.ToString(CultureInfo.InvariantCulture);
            schema.Default = usual;
            parameter.Description ??= description;
        }
    }

    /// <summary><c>PlaceOrder</c> as <c>Place order</c>.</summary>
    private static string? InWords(string? operationId) =>
        operationId is null ? null : WordBegin().Replace(operationId, match => " " + match.Value.ToLowerInvariant());

    [GeneratedRegex("(?<=[a-z])[A-Z]")]
    private static partial Regex WordBegin();
}
