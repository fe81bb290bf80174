using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Shop.EndToEnd.Walk;

/// <summary>Puts texts into every query, header, form and body field that the shop describes.</summary>
internal sealed partial class TextRequests(ApiDescription api, Walkers walkers)
{
    private const string Form = "application/x-www-form-urlencoded";

    /// <summary>Requests that are right but for one of the texts in one place.</summary>
    public IEnumerable<WalkRequest> Of(IReadOnlyList<string> texts) =>
        api.Operations.SelectMany(operation => Of(operation, texts));

    private IEnumerable<WalkRequest> Of(Operation operation, IReadOnlyList<string> texts)
    {
        var random = new Random(1);
        var bodies = new RandomBodies(random, api, walkers);
        var path = Parameter().Replace(operation.Path, _ => walkers.IdFor(operation.Path, random));
        var body = api.BodyOf(operation);
        foreach (var text in texts)
        {
            foreach (var name in api.TextParameters(operation, "query"))
                yield return With($"{path}?{name}={HostileTexts.Escaped(text)}", [], null);
            // No client sends anything else there.
            foreach (var name in text.All(c => c is >= ' ' and <= '~') ? api.TextParameters(operation, "header") : [])
                yield return With(path, [(name, text)], null);
            foreach (var field in body is null ? [] : api.TextsIn(body.Value.Schema))
                yield return With(path, [], (field, text));
        }

        WalkRequest With(string target, (string, string)[] headers, (string Field, string Text)? hostile)
        {
            if (body is not var (type, schema, example))
                return new WalkRequest(operation, "admin", target, headers, null);
            var right = bodies.Right(example, schema)!;
            if (hostile is var (field, text))
                HostileTexts.Put(right, field.Split('/'), text);
            return new WalkRequest(
                operation,
                "admin",
                target,
                [("Content-Type", type), .. headers],
                type == Form ? InForm(right) : HostileTexts.InJson(right.ToJsonString())
            );
        }
    }

    private static string InForm(JsonNode fields) =>
        string.Join('&', fields.AsObject().Select(field => $"{field.Key}={HostileTexts.Escaped($"{field.Value}")}"));

    [GeneratedRegex("{[^}]+}")]
    private static partial Regex Parameter();
}
