using System.Globalization;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Shop.EndToEnd.Walk;

/// <summary>Bodies as a schema allows them, and what else somebody might send.</summary>
internal sealed partial class RandomBodies(Random random, ApiDescription api, Walkers walkers)
{
    // A value that no serializer would write stands in the tree as a text, and is put in afterwards.
    private const string Placeholder = "odd value ";

    /// <summary>A body and its type for what the description says of it.</summary>
    public (string ContentType, string Body)? Next(Operation operation)
    {
        if (api.BodyOf(operation) is not var (type, schema, example))
            return null;
        var body = Chance(0.8) ? Right(example, schema) : Right(schema);
        var spoiled = Chance(0.5);
        if (spoiled)
            Spoil(body);

        if (type == "application/x-www-form-urlencoded")
            return (type, Form(body));
        var json = OddValue().Replace(body?.ToJsonString() ?? "null", match => OddValues.Json[Number(match)]);
        return (type, Chance(0.1) ? OddValues.Bodies[random.Next(OddValues.Bodies.Count)](json) : json);
    }

    /// <summary>The example with what is theirs in it; else a value that fits the schema.</summary>
    public JsonNode? Right(JsonNode? example, JsonNode schema) =>
        example is null ? Right(schema) : JsonNode.Parse(walkers.Own(example.ToJsonString(), random));

    /// <summary>A value that fits the schema.</summary>
    public JsonNode? Right(JsonNode schema)
    {
        var resolved = api.Resolve(schema);
        if (resolved["enum"] is JsonArray { Count: > 0 } values)
            return values[random.Next(values.Count)]?.DeepClone();
        return ApiDescription.TypeOf(resolved) switch
        {
            "integer" => random.Next(1, 20),
            "number" => Math.Round((decimal)random.NextDouble() * 100, 2),
            "boolean" => Chance(0.5),
            "array" => new JsonArray(Right(resolved["items"]!)),
            "object" => new JsonObject(
                (resolved["properties"]?.AsObject() ?? []).Select(one =>
                    KeyValuePair.Create(one.Key, Right(one.Value!))
                )
            ),
            _ when resolved["format"]?.GetValue<string>() == "uuid" => walkers.IdFor("/api/products/", random),
            _ => $"text {random.Next(1000)}",
        };
    }

    /// <summary>Puts something odd somewhere, or leaves something out.</summary>
    private void Spoil(JsonNode? node)
    {
        if (node is JsonArray { Count: > 0 } items)
        {
            if (Chance(0.3))
                items[random.Next(items.Count)] = Odd();
            else
                Spoil(items[random.Next(items.Count)]);
        }
        else if (node is JsonObject { Count: > 0 } members)
        {
            var (name, member) = members.ElementAt(random.Next(members.Count));
            if (member is JsonObject or JsonArray && Chance(0.7))
                Spoil(member);
            else if (Chance(0.2))
                members.Remove(name);
            else
                members[name] = Odd();
        }
    }

    private JsonValue Odd() =>
        JsonValue.Create(Placeholder + random.Next(OddValues.Json.Count).ToString(CultureInfo.InvariantCulture));

    private static string Form(JsonNode? body) =>
        string.Join(
            '&',
            (body as JsonObject ?? []).Select(field =>
            {
                var text = field.Value?.ToString() ?? "";
                var value = OddValue().Match($"\"{text}\"") is { Success: true } odd
                    ? OddValues.Texts[Number(odd) % OddValues.Texts.Count]
                    : text;
                return $"{field.Key}={Uri.EscapeDataString(value)}";
            })
        );

    private static int Number(Match oddValue) =>
        int.Parse(oddValue.Groups["number"].Value, CultureInfo.InvariantCulture);

    private bool Chance(double probability) => random.NextDouble() < probability;

    [GeneratedRegex("\"odd value (?<number>[0-9]+)\"")]
    private static partial Regex OddValue();
}
