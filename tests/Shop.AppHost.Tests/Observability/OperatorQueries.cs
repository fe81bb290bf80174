using System.Text.Json;
using Shop.Testing;
using YamlDotNet.RepresentationModel;

namespace Shop.AppHost.Tests.Observability;

/// <summary>An expression that an operator's tool evaluates, and where it stands.</summary>
internal sealed record OperatorQuery(string Where, string Expression);

/// <summary>The expressions of the dashboards and alert rules in <c>deploy/observability</c>.</summary>
internal static class OperatorQueries
{
    private const string LabelValues = "label_values(";

    public static IReadOnlyList<OperatorQuery> All()
    {
        var folder = Repository.PathOf("deploy", "observability");
        return
        [
            .. Directory.EnumerateFiles(folder, "*.json").SelectMany(InDashboard),
            .. Directory.EnumerateFiles(folder, "*.yaml").SelectMany(InRules),
        ];
    }

    private static List<OperatorQuery> InDashboard(string file)
    {
        using var document = JsonDocument.Parse(File.ReadAllText(file));
        var found = new List<OperatorQuery>();
        // Rows hold panels of their own, and variables query, too: whatever is called so is a query, however deep.
        Collect(document.RootElement, Path.GetFileName(file));
        return found;

        void Collect(JsonElement element, string where)
        {
            switch (element.ValueKind)
            {
                case JsonValueKind.Object:
                    where = element.TryGetProperty("title", out var title) ? $"{where}, '{title}'" : where;
                    foreach (var property in element.EnumerateObject())
                    {
                        if (Expression(property) is { } expression)
                        {
                            found.Add(new(where, expression));
                        }

                        Collect(property.Value, where);
                    }

                    break;
                case JsonValueKind.Array:
                    foreach (var item in element.EnumerateArray())
                    {
                        Collect(item, where);
                    }

                    break;
                default:
                    break;
            }
        }
    }

    /// <summary>A variable's query is Grafana's own: <c>label_values(metric, label)</c>.</summary>
    private static string? Expression(JsonProperty property) =>
        property switch
        {
            { Name: "expr" } => property.Value.GetString(),
            { Name: "query", Value.ValueKind: JsonValueKind.String }
                when property.Value.GetString()! is var query
                    && query.StartsWith(LabelValues, StringComparison.Ordinal) => query[
                LabelValues.Length..query.LastIndexOf(',')
            ],
            _ => null,
        };

    private static List<OperatorQuery> InRules(string file)
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(file)));
        return
        [
            .. yaml
                .Documents.SelectMany(document => document.AllNodes)
                .OfType<YamlMappingNode>()
                .Where(node => node.Children.ContainsKey("expr"))
                .Select(rule => new OperatorQuery(
                    $"{Path.GetFileName(file)}, {rule["alert"]}",
                    rule["expr"].ToString()
                )),
        ];
    }
}
