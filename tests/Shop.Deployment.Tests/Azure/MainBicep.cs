using System.Globalization;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;

namespace Shop.Deployment.Tests.Azure;

/// <summary>
/// Composes <c>main.bicep</c> out of the manifest as azd does, with placeholders for the resources that azd makes itself.
/// </summary>
internal static partial class MainBicep
{
    private const string Resources = """
        param location string
        output MANAGED_IDENTITY_PRINCIPAL_ID string = location
        output SERVICE_BINDING_KV_NAME string = location
        """;

    /// <summary>azd declares every parameter, also those that only container apps use.</summary>
    private const string Configuration = """
        { "analyzers": { "core": { "rules": { "no-unused-params": { "level": "off" } } } } }
        """;

    private static readonly Dictionary<string, string> s_filledByAzd = new()
    {
        ["principalId"] = "resources.outputs.MANAGED_IDENTITY_PRINCIPAL_ID",
        ["principalType"] = "'ServicePrincipal'",
        ["keyVaultName"] = "resources.outputs.SERVICE_BINDING_KV_NAME",
    };

    /// <summary>Writes it beside the manifest.</summary>
    /// <returns>The file.</returns>
    public static async Task<string> WriteAsync(PublishedManifest manifest)
    {
        var text = new StringBuilder(
            """
            targetScope = 'subscription'
            param environmentName string
            param location string

            """
        );
        foreach (var parameter in manifest.ResourcesOf("parameter.v0"))
            text.Append(Parameter(parameter));
        text.Append(
            """
            resource rg 'Microsoft.Resources/resourceGroups@2022-09-01' = {
              name: 'rg-${environmentName}'
              location: location
            }
            module resources 'resources.bicep' = {
              scope: rg
              name: 'resources'
              params: { location: location }
            }

            """
        );
        foreach (var module in manifest.ResourcesOf("azure.bicep.v0"))
            text.Append(Module(module));
        foreach (var output in Outputs(manifest.Text))
            text.AppendLine(output);

        await WriteAsync("resources.bicep", Resources);
        await WriteAsync("bicepconfig.json", Configuration);
        return await WriteAsync("main.bicep", text.ToString());

        async Task<string> WriteAsync(string name, string content)
        {
            var file = Path.Combine(manifest.Folder, name);
            await File.WriteAllTextAsync(file, content, TestContext.Current.CancellationToken);
            return file;
        }
    }

    private static string Parameter(JsonProperty parameter)
    {
        var input = parameter.Value.GetProperty("inputs").GetProperty("value");
        var isSecret = input.TryGetProperty("secret", out var secret) && secret.GetBoolean();
        return $"{(isSecret ? "@secure()\n" : "")}param {NameOf(parameter.Name)} string\n";
    }

    private static string Module(JsonProperty module)
    {
        var parameters = module
            .Value.GetProperty("params")
            .EnumerateObject()
            .Select(parameter => $"    {parameter.Name}: {Value(parameter)}\n");
        return string.Create(
            CultureInfo.InvariantCulture,
            $$"""
            module {{NameOf(module.Name)}} '{{module.Value.GetProperty("path").GetString()}}' = {
              name: '{{module.Name}}'
              scope: rg
              params: {
            {{string.Concat(parameters)}}    location: location
              }
            }

            """
        );
    }

    private static string Value(JsonProperty parameter)
    {
        if (parameter.Value.ValueKind == JsonValueKind.String && parameter.Value.GetString() == "")
            return s_filledByAzd[parameter.Name];
        // azd takes the compact JSON for Bicep, with single quotes.
        var text = JsonSerializer.Serialize(parameter.Value).Replace('"', '\'');
        return ParameterValue().Match(text) is { Success: true } reference
            ? NameOf(reference.Groups[1].Value)
            : Key().Replace(text, "$1:");
    }

    private static IEnumerable<string> Outputs(string manifest) =>
        Output()
            .Matches(manifest)
            .Select(match => (Resource: match.Groups[1].Value, Output: match.Groups[2].Value))
            .Distinct()
            .Select(output =>
                $"output {output.Resource.ToUpperInvariant()}_{output.Output.ToUpperInvariant()} string = {output.Resource}.outputs.{output.Output}"
            );

    private static string NameOf(string resource) => resource.Replace('-', '_');

    [GeneratedRegex(@"^'\{([a-z0-9\-]+)\.value\}'$")]
    private static partial Regex ParameterValue();

    [GeneratedRegex("'([^']*)':")]
    private static partial Regex Key();

    [GeneratedRegex(@"\{([a-z0-9\-]+)\.outputs\.([A-Za-z0-9_\-]+)\}")]
    private static partial Regex Output();
}
