using System.Globalization;
using System.Reflection;
using System.Text.Json.Serialization;
using System.Text.Json.Serialization.Metadata;
using Microsoft.AspNetCore.OpenApi;
using Microsoft.OpenApi;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>Schemas as the shop writes its JSON, with what the XML docs say.</summary>
internal sealed class SchemaDefaults : IOpenApiSchemaTransformer
{
    private const JsonSchemaType Numbers = JsonSchemaType.Integer | JsonSchemaType.Number;

    public Task TransformAsync(
        OpenApiSchema schema,
        OpenApiSchemaTransformerContext context,
        CancellationToken cancellationToken
    )
    {
        // Numbers in quotes are read, too, but nobody needs to know: what is written is a number.
        if (schema.Type is { } type && (type & Numbers) != 0 && type.HasFlag(JsonSchemaType.String))
        {
            schema.Type = type & ~JsonSchemaType.String;
            schema.Pattern = null;
        }

        if (
            context.JsonPropertyInfo is { AttributeProvider: { } attributes }
            && attributes.GetCustomAttributes(typeof(WholeNumberAttribute), inherit: false)
                is [WholeNumberAttribute number]
        )
        {
            schema.Type = JsonSchemaType.Integer;
            schema.Format = "int32";
            schema.Minimum = number.Min.ToString(CultureInfo.InvariantCulture);
            schema.Maximum = number.Max.ToString(CultureInfo.InvariantCulture);
        }

        foreach (var member in context.JsonTypeInfo.Properties.Where(IsLeftOutWhenNull))
        {
            schema.Required?.Remove(member.Name);
        }

        if (SchemaExamples.Of(context.JsonPropertyInfo?.Name, schema) is { } example)
        {
            schema.Examples ??= [example];
        }

        if (context.JsonPropertyInfo is { AttributeProvider: PropertyInfo property })
        {
            schema.Description ??= XmlDocs.Of(property);
        }
        else if (context.JsonPropertyInfo is null && context.ParameterDescription is null)
        {
            schema.Description ??= XmlDocs.Of(context.JsonTypeInfo.Type);
        }

        return Task.CompletedTask;
    }

    private static bool IsLeftOutWhenNull(JsonPropertyInfo member) =>
        member.AttributeProvider is { } attributes
        && attributes
            .GetCustomAttributes(typeof(JsonIgnoreAttribute), inherit: true)
            .Any(attribute => attribute is JsonIgnoreAttribute { Condition: JsonIgnoreCondition.WhenWritingNull });
}
