using System.Globalization;
using System.Text.Json.Nodes;

namespace Shop.Gateway.OpenApi;

/// <summary>
/// Puts the descriptions of services together to one. A schema is called by its service and its name, so what it is called
/// does not depend on which services are up; problem details are the same everywhere.
/// </summary>
internal sealed class DescriptionMerge
{
    private const string SchemaReference = "#/components/schemas/";
    private const string Problem = "ProblemDetails";

    // What the gateway can answer in a service's place; every service's document has these responses ready.
    private static readonly int[] OwnProblems =
    [
        StatusCodes.Status429TooManyRequests,
        StatusCodes.Status502BadGateway,
        StatusCodes.Status503ServiceUnavailable,
        StatusCodes.Status504GatewayTimeout,
    ];

    private readonly JsonArray tags = [];
    private readonly JsonObject paths = [];
    private readonly JsonObject schemas = [];
    private readonly JsonObject responses = [];
    private readonly JsonObject securitySchemes = [];

    /// <summary>Adds what a service describes of the paths that it is asked for here.</summary>
    public void Add(string service, string about, IReadOnlyCollection<string> served, JsonObject document)
    {
        var name = char.ToUpper(service[0], CultureInfo.InvariantCulture) + service[1..];
        RenameReferences(document, name);
        var its = Part(document, "components");
        var schemasByName = Part(its, "schemas")
            .ToDictionary(schema => Rename(schema.Key, name), schema => schema.Value);
        foreach (var (status, response) in Part(its, "responses"))
        {
            responses[status] = WithHeaders(response?.DeepClone());
            AddSchemas(response, schemasByName);
        }

        foreach (var (key, scheme) in Part(its, "securitySchemes"))
        {
            securitySchemes[key] = scheme?.DeepClone();
        }

        foreach (var (path, operations) in Part(document, "paths").Where(path => IsServed(path.Key, served)))
        {
            paths[path] = Described(operations!, name);
            AddSchemas(operations, schemasByName);
        }

        tags.Add(new JsonObject { ["name"] = name, ["description"] = about });
    }

    /// <summary>The document, once everything has been added.</summary>
    public JsonObject Document(string description) =>
        new()
        {
            ["openapi"] = "3.1.1",
            ["info"] = new JsonObject
            {
                ["title"] = "Shop",
                ["description"] = description,
                ["version"] = "v1",
            },
            // Where the document came from, whatever that is called from outside.
            ["servers"] = new JsonArray(new JsonObject { ["url"] = "/" }),
            ["paths"] = paths,
            ["components"] = new JsonObject
            {
                ["schemas"] = schemas,
                ["responses"] = responses,
                ["headers"] = new JsonObject(
                    GatewayHeaders.About.Select(header =>
                        KeyValuePair.Create<string, JsonNode?>(
                            header.Key,
                            new JsonObject
                            {
                                ["description"] = header.Value,
                                ["schema"] = new JsonObject { ["type"] = "string" },
                            }
                        )
                    )
                ),
                ["securitySchemes"] = securitySchemes,
            },
            ["tags"] = tags,
        };

    private static bool IsServed(string path, IEnumerable<string> served) =>
        served.Any(one => path == one || path.StartsWith(one + "/", StringComparison.Ordinal));

    private static JsonNode Described(JsonNode operations, string service)
    {
        var described = operations.DeepClone();
        foreach (var operation in described.AsObject().Select(member => member.Value).OfType<JsonObject>())
        {
            operation["tags"] = new JsonArray(service);
            var answers = Part(operation, "responses");
            foreach (var status in OwnProblems)
            {
                answers[status.ToString(CultureInfo.InvariantCulture)] ??= new JsonObject
                {
                    ["$ref"] = $"#/components/responses/Problem{status}",
                };
            }

            foreach (var (_, answer) in answers)
            {
                WithHeaders(answer);
            }
        }

        return described;
    }

    /// <summary>Adds the gateway's headers; a response that is referred to has them at its own place.</summary>
    private static JsonNode? WithHeaders(JsonNode? response)
    {
        if (response is JsonObject described && !described.ContainsKey("$ref"))
        {
            var headers = described["headers"] as JsonObject ?? [];
            described["headers"] = headers;
            foreach (var name in GatewayHeaders.About.Keys)
            {
                headers[name] = new JsonObject { ["$ref"] = $"#/components/headers/{name}" };
            }
        }

        return response;
    }

    /// <summary>Only what is referred to: an instance may be several services in one, and describe them all.</summary>
    private void AddSchemas(JsonNode? node, Dictionary<string, JsonNode?> from)
    {
        foreach (var name in References(node).Select(NameOf).Where(name => !schemas.ContainsKey(name)).ToList())
        {
            if (!schemas.ContainsKey(name) && from.GetValueOrDefault(name) is { } schema)
            {
                schemas[name] = schema.DeepClone();
                AddSchemas(schema, from);
            }
        }
    }

    private static void RenameReferences(JsonNode? node, string service)
    {
        if (node is JsonObject members)
        {
            foreach (var (key, member) in members.ToList())
            {
                if (Reference(member) is { } reference)
                {
                    members[key] = SchemaReference + Rename(reference[SchemaReference.Length..], service);
                }
            }
        }

        foreach (var child in Children(node))
        {
            RenameReferences(child, service);
        }
    }

    private static string Rename(string schema, string service) => schema == Problem ? schema : service + schema;

    // The reference may lead into a schema (#/components/schemas/Order/properties/lines).
    private static string NameOf(string reference) => reference[SchemaReference.Length..].Split('/')[0];

    private static IEnumerable<string> References(JsonNode? node) =>
        Reference(node) is { } reference ? [reference] : Children(node).SelectMany(References);

    private static string? Reference(JsonNode? node) =>
        node is JsonValue value
        && value.TryGetValue<string>(out var text)
        && text.StartsWith(SchemaReference, StringComparison.Ordinal)
            ? text
            : null;

    private static IEnumerable<JsonNode?> Children(JsonNode? node) =>
        node switch
        {
            JsonObject members => members.Select(member => member.Value),
            JsonArray items => items,
            _ => [],
        };

    private static JsonObject Part(JsonObject parent, string name) => parent[name] as JsonObject ?? [];
}
