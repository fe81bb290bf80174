using System.Text.Json;
using System.Text.RegularExpressions;

namespace Shop.Deployment.Tests.Azure;

/// <summary>Reads expressions such as <c>{users.bindings.http.url}</c> by azd's rules (cli/azd/pkg/apphost of Azure/azure-dev).</summary>
internal sealed partial class AzdManifest(PublishedManifest manifest)
{
    private static readonly string[] s_evaluated = ["env", "params", "args", "connectionString", "value"];

    private readonly Dictionary<string, JsonElement> _resources = manifest.Resources.ToDictionary(
        resource => resource.Name,
        resource => resource.Value
    );

    /// <summary>Every text of the manifest that azd evaluates, with where it stands.</summary>
    public IEnumerable<(string Place, string Text)> Texts() =>
        _resources.SelectMany(resource =>
            s_evaluated
                .Where(part => resource.Value.TryGetProperty(part, out _))
                .SelectMany(part => Strings($"{resource.Key}.{part}", resource.Value.GetProperty(part)))
        );

    public static IEnumerable<string> ReferencesIn(string text) =>
        Reference().Matches(text).Select(match => match.Groups[1].Value);

    /// <summary>What is wrong with a reference; null if nothing is.</summary>
    public string? ProblemOf(string reference)
    {
        var parts = reference.Split('.');
        if (!_resources.TryGetValue(parts[0], out var resource))
            return $"there is no resource '{parts[0]}'";
        var type = resource.GetProperty("type").GetString();
        var isKnown = (type, parts[1..]) switch
        {
            (_, ["connectionString"]) => resource.TryGetProperty("connectionString", out _),
            ("parameter.v0", ["value"]) => true,
            ("parameter.v0", ["inputs", var input]) => Has(resource, "inputs", input),
            ("project.v0", ["bindings", var binding, "url" or "host" or "port" or "scheme" or "targetPort"]) => Has(
                resource,
                "bindings",
                binding
            ),
            ("azure.bicep.v0", ["outputs", var output]) => BicepOf(resource)
                .Contains($"output {output} ", StringComparison.Ordinal),
            ("azure.bicep.v0", ["secretOutputs", var secret]) => Has(resource, "params", "keyVaultName")
                && BicepOf(resource).Contains($"name: '{secret}'", StringComparison.Ordinal),
            _ => false,
        };
        return isKnown ? null : $"a {type} has no '{string.Join('.', parts[1..])}' here";
    }

    private string BicepOf(JsonElement resource) =>
        File.ReadAllText(Path.Combine(manifest.Folder, resource.GetProperty("path").GetString()!));

    private static bool Has(JsonElement resource, string part, string name) =>
        resource.TryGetProperty(part, out var group) && group.TryGetProperty(name, out _);

    private static IEnumerable<(string, string)> Strings(string place, JsonElement value) =>
        value.ValueKind switch
        {
            JsonValueKind.String => [(place, value.GetString()!)],
            JsonValueKind.Object => value
                .EnumerateObject()
                .SelectMany(member => Strings($"{place}.{member.Name}", member.Value)),
            JsonValueKind.Array => value.EnumerateArray().SelectMany((item, i) => Strings($"{place}[{i}]", item)),
            _ => [],
        };

    [GeneratedRegex(@"\{([^{}]+)\}")]
    private static partial Regex Reference();
}
