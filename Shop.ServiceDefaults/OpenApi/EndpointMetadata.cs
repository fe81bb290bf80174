using Microsoft.OpenApi;

namespace Shop.ServiceDefaults.OpenApi;

/// <summary>A body that is valid.</summary>
internal sealed record BodyExample(object Value);

/// <summary>What is answered can also be had as a page.</summary>
internal sealed record HtmlAnswer;

/// <summary>A header that an endpoint reads by itself.</summary>
internal sealed record RequestHeader(string Name, string Description, string Example, bool IsRequired)
{
    public OpenApiParameter ToParameter() =>
        new()
        {
            Name = Name,
            In = ParameterLocation.Header,
            Description = Description,
            Required = IsRequired,
            Example = Example,
            Schema = new OpenApiSchema { Type = JsonSchemaType.String },
        };
}
