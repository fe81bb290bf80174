using System.Net.Http.Json;
using System.Text.Json.Nodes;

namespace Shop.EndToEnd.Walk;

/// <summary>An operation of the described API: <c>POST /api/orders</c>.</summary>
/// <param name="Method">In capitals.</param>
/// <param name="Path">With its parameters in braces.</param>
/// <param name="Described">What the document says of it.</param>
internal sealed record Operation(string Method, string Path, JsonObject Described)
{
    public override string ToString() => $"{Method} {Path}";
}

/// <summary>What the shop says about its API at <c>/openapi/v1.json</c>.</summary>
internal sealed class ApiDescription
{
    private ApiDescription(JsonObject document) => Document = document;

    public JsonObject Document { get; }

    public IEnumerable<Operation> Operations =>
        from path in Document["paths"]!.AsObject()
        from operation in path.Value!.AsObject()
        select new Operation(operation.Key.ToUpperInvariant(), path.Key, operation.Value!.AsObject());

    /// <summary>Reads it once all services are in it: one that has just started may be missing for some seconds.</summary>
    public static async Task<ApiDescription> ReadAsync(HttpClient http)
    {
        var cancel = TestContext.Current.CancellationToken;
        for (var attempt = 1; ; attempt++)
        {
            var document = (await http.GetFromJsonAsync<JsonObject>("/openapi/v1.json", cancel))!;
            var description = $"{document["info"]!["description"]}";
            if (!description.Contains("unreachable", StringComparison.Ordinal))
                return new ApiDescription(document);
            Assert.True(attempt < 10, description);
            await Task.Delay(TimeSpan.FromSeconds(3), cancel);
        }
    }

    /// <summary>Follows <c>$ref</c>, and goes by the last of several choices: the others are null.</summary>
    public JsonObject Resolve(JsonNode node)
    {
        var resolved = node.AsObject();
        while (true)
        {
            if (resolved["$ref"] is { } reference)
            {
                resolved = reference
                    .GetValue<string>()
                    .Split('/')
                    .Skip(1)
                    .Aggregate((JsonNode)Document, (parent, part) => parent[part]!)
                    .AsObject();
            }
            else if ((resolved["oneOf"] ?? resolved["anyOf"]) is JsonArray { Count: > 0 } choices)
                resolved = choices.Last()!.AsObject();
            else
                return resolved;
        }
    }

    /// <summary>What a schema is of, unless it is null.</summary>
    public static string? TypeOf(JsonObject schema) =>
        schema["type"] is JsonArray types
            ? types.Select(type => type!.GetValue<string>()).FirstOrDefault(type => type != "null")
            : schema["type"]?.GetValue<string>();

    /// <summary>Where there are texts in what a schema describes: <c>items/0/productId</c>.</summary>
    public IEnumerable<string> TextsIn(JsonNode schema)
    {
        var resolved = Resolve(schema);
        return TypeOf(resolved) switch
        {
            "string" => [""],
            "array" => Under("0", resolved["items"]!),
            "object" => (resolved["properties"]?.AsObject() ?? []).SelectMany(one => Under(one.Key, one.Value!)),
            _ => [],
        };

        IEnumerable<string> Under(string name, JsonNode of) =>
            TextsIn(of).Select(path => path.Length == 0 ? name : $"{name}/{path}");
    }

    /// <summary>The texts among an operation's parameters of one kind, such as <c>query</c>.</summary>
    public IEnumerable<string> TextParameters(Operation operation, string kind) =>
        (operation.Described["parameters"]?.AsArray() ?? [])
            .Select(parameter => Resolve(parameter!))
            .Where(parameter =>
                parameter["in"]!.GetValue<string>() == kind && TypeOf(Resolve(parameter["schema"]!)) == "string"
            )
            .Select(parameter => parameter["name"]!.GetValue<string>());

    /// <summary>The type of an operation's body, its schema and an example; null when it takes none.</summary>
    public (string Type, JsonNode Schema, JsonNode? Example)? BodyOf(Operation operation)
    {
        if (operation.Described["requestBody"] is not { } described)
            return null;
        var (type, content) = Resolve(described)["content"]!.AsObject().First();
        return (type, content!["schema"]!, content["example"]);
    }
}
