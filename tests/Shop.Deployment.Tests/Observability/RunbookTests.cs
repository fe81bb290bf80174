using System.Text.RegularExpressions;
using YamlDotNet.RepresentationModel;

namespace Shop.Deployment.Tests.Observability;

/// <summary>Runbooks are read in a hurry: each looks the same, and every alert leads to one.</summary>
public sealed partial class RunbookTests
{
    private static readonly string[] Headings = ["Symptom", "Alert", "Check", "Act", "Verify"];

    public static TheoryData<string> Runbooks =>
        new(
            Directory
                .EnumerateFiles(Repository.PathOf("docs", "runbooks"), "*.md")
                .Select(file => Path.GetFileName(file))
                .Where(name => name != "README.md")
        );

    public static TheoryData<string, string> Alerts =>
        [.. Rules().Select(rule => (Text(rule, "alert"), Text((YamlMappingNode)rule["annotations"], "runbook")))];

    [Fact]
    public void There_is_a_runbook_for_each_thing_that_goes_wrong() =>
        Assert.Equal(
            [
                "bus-down.md",
                "cache-down.md",
                "database-down.md",
                "dead-letters-grow.md",
                "key-rotation.md",
                "outbox-lags.md",
                "payment-provider-down.md",
                "restore-from-backup.md",
                "saga-stuck.md",
                "scaling-out.md",
            ],
            Runbooks.Select(row => row.Data).Order(StringComparer.Ordinal)
        );

    [Theory]
    [MemberData(nameof(Runbooks))]
    public void Every_runbook_has_the_same_headings_and_shows_commands_with_what_they_print(string name)
    {
        var text = Read(name);

        Assert.Equal(Headings, Heading().Matches(text).Select(match => match.Groups[1].Value));
        Assert.True(text.Split('\n').Length <= 130, $"{name} is too long to be read in a hurry.");
        Assert.Contains("\n$ ", text, StringComparison.Ordinal);
        Assert.Contains($"]({name})", Read("README.md"), StringComparison.Ordinal);
    }

    [Theory]
    [MemberData(nameof(Alerts))]
    public void Every_alert_leads_to_a_runbook_that_names_it(string alert, string runbook)
    {
        Assert.True(
            File.Exists(Repository.PathOf(runbook.Split('/'))),
            $"{alert} leads to {runbook}, which is not there."
        );
        Assert.Contains(alert, Read(Path.GetFileName(runbook)), StringComparison.Ordinal);
    }

    [Fact]
    public void A_runbook_names_only_alerts_that_exist()
    {
        var known = Rules().Select(rule => Text(rule, "alert")).ToHashSet();

        Assert.All(
            Runbooks.Select(row => row.Data).Append("README.md"),
            name => Assert.All(AlertName().Matches(Read(name)), match => Assert.Contains(match.Value, known))
        );
    }

    private static string Read(string name) => File.ReadAllText(Repository.PathOf("docs", "runbooks", name));

    private static IEnumerable<YamlMappingNode> Rules()
    {
        var yaml = new YamlStream();
        yaml.Load(new StringReader(File.ReadAllText(Repository.PathOf("deploy", "observability", "alerts.yaml"))));
        return yaml
            .Documents.SelectMany(document => document.AllNodes)
            .OfType<YamlMappingNode>()
            .Where(node => node.Children.ContainsKey("alert"));
    }

    private static string Text(YamlMappingNode node, string key) => ((YamlScalarNode)node[key]).Value!;

    [GeneratedRegex(@"^## (.+)$", RegexOptions.Multiline)]
    private static partial Regex Heading();

    [GeneratedRegex(@"(?<=`)Shop[A-Z]\w+(?=`)")]
    private static partial Regex AlertName();
}
