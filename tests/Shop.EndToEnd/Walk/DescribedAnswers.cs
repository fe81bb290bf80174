using System.Globalization;
using System.Net.Http.Headers;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Json.Schema;

namespace Shop.EndToEnd.Walk;

/// <summary>Holds answers against the description: status, content type, and every member of the body.</summary>
internal sealed partial class DescribedAnswers(ApiDescription api)
{
    private const string InDocument = "#/components/schemas/";
    private const string InSchema = "#/$defs/";

    private readonly JsonObject _definitions = new(
        api.Document["components"]!["schemas"]!
            .AsObject()
            .Select(one => KeyValuePair.Create(one.Key, Closed(one.Value)))
    );

    private readonly Dictionary<string, JsonSchema> _schemas = [];

    /// <summary>The body as text; nothing of a stream of events, which would go on for minutes.</summary>
    public static async Task<string> BodyAsync(HttpResponseMessage response, CancellationToken cancellationToken) =>
        response.Content.Headers.ContentType?.MediaType == "text/event-stream"
            ? ""
            : await response.Content.ReadAsStringAsync(cancellationToken);

    /// <summary>What the answer has that the description does not say; null if nothing.</summary>
    public string? Contradiction(Operation operation, int status, MediaTypeHeaderValue? type, string body)
    {
        if (operation.Described["responses"]?[status.ToString(CultureInfo.InvariantCulture)] is not { } response)
            return $"the status {status} is not described";
        if (status >= 400 && Inside().Match(body) is { Success: true } inside)
            return $"the answer tells of the inside: '{inside.Value}'";
        if (api.Resolve(response)["content"]?.AsObject() is not { Count: > 0 } content)
            return body.Length == 0 ? null : $"no content is described for {status}";
        if (type?.MediaType is not { } media || content[media] is not { } described)
            return $"the content type '{type}' is not described for {status}";
        return media.EndsWith("json", StringComparison.Ordinal) && described["schema"] is { } schema
            ? Contradiction(schema, body)
            : null;
    }

    /// <summary>What a body has that its schema does not allow; null if nothing.</summary>
    public string? Contradiction(JsonNode schema, string body)
    {
        var key = schema.ToJsonString();
        if (!_schemas.TryGetValue(key, out var compiled))
            _schemas[key] = compiled = Compile(schema);
        using var document = JsonDocument.Parse(body);
        var results = compiled.Evaluate(
            document.RootElement,
            new EvaluationOptions { OutputFormat = OutputFormat.List, RequireFormatValidation = true }
        );
        return results.IsValid
            ? null
            : "the body is not as described: "
                + string.Join(
                    "; ",
                    (results.Details ?? [])
                        .Where(detail => detail.Errors is { Count: > 0 })
                        .Select(detail => $"{detail.InstanceLocation} {string.Join(", ", detail.Errors!.Values)}")
                        .Take(5)
                );
    }

    private JsonSchema Compile(JsonNode schema)
    {
        var root = Closed(schema) is JsonObject closed ? closed : [];
        root["$defs"] = _definitions.DeepClone();
        var registry = new SchemaRegistry();
        return JsonSchema.FromText(root.ToJsonString(), new BuildOptions { SchemaRegistry = registry });
    }

    /// <summary>The schema as one that allows no member which it does not name, with references that stay inside of it.</summary>
    private static JsonNode? Closed(JsonNode? node)
    {
        switch (node)
        {
            case JsonArray items:
                return new JsonArray([.. items.Select(Closed)]);
            case JsonObject members:
                var closed = new JsonObject(
                    members
                        .Where(member => member.Key is not ("example" or "default"))
                        .Select(member => KeyValuePair.Create(member.Key, Closed(member.Value)))
                );
                if (
                    closed["properties"] is JsonObject
                    && closed["type"] is not null
                    && !closed.ContainsKey("additionalProperties")
                )
                    closed["additionalProperties"] = false;
                return closed;
            case JsonValue value when value.TryGetValue<string>(out var text):
                return text.Replace(InDocument, InSchema, StringComparison.Ordinal);
            default:
                return node?.DeepClone();
        }
    }

    // Stack traces, types, SQL, addresses of the inside. None of the values that the walk sends looks like one of these.
    [GeneratedRegex(
        @"\n\s+at |[A-Za-z]Exception\b|\b(System|Microsoft|Npgsql|Shop)\.[A-Z]|\bSQLSTATE|\b(22|23|42)[0-9A-Z]{3}:|127\.0\.0\.1|localhost|Host=",
        RegexOptions.CultureInvariant
    )]
    private static partial Regex Inside();
}
