using System.Text.RegularExpressions;

namespace Shop.Architecture.Tests;

public sealed partial class SourceTests
{
    [Fact]
    public void Production_references_nothing_of_local() =>
        Assert.All(
            Repository.ProductionProjects(),
            project =>
                Assert.DoesNotContain(
                    project.References,
                    reference =>
                        reference.StartsWith("local/", StringComparison.Ordinal)
                        && !ServersOf(project).Contains(reference.Split('/')[1])
                )
        );

    [Fact]
    public void No_code_is_compiled_conditionally() =>
        Assert.DoesNotContain(Repository.ProductionSources(), source => Conditional().IsMatch(source.Text));

    [Theory]
    [InlineData(@"\bDateTime(Offset)?\.(Utc)?Now\b", "ask the TimeProvider")]
    [InlineData(@"\bTask\.Run\(", "nobody waits for it, and its errors are lost")]
    [InlineData(@"\bThread\.Sleep\(", "wait for the thing itself")]
    [InlineData(@"\.GetAwaiter\(\)\.GetResult\(\)", "await it")]
    public void Services_keep_the_house_rules(string pattern, string instead) =>
        Assert.All(
            Repository.ProductionSources(),
            source => Assert.False(Regex.IsMatch(source.Text, pattern), $"{source.Path} has {pattern}: {instead}.")
        );

    [Fact]
    public void A_namespace_is_named_after_its_folder() =>
        Assert.All(
            Repository.ProductionSources(),
            source =>
            {
                var folders = Path.GetDirectoryName(source.Path)!.Replace("services/", "", StringComparison.Ordinal);
                var own = folders.Replace('/', '.');
                // What a shared project offers is found without knowing its folders.
                string[] allowed =
                    own.StartsWith("Shop.ServiceDefaults", StringComparison.Ordinal)
                    || own.StartsWith("Shop.Messaging", StringComparison.Ordinal)
                        ? [own, folders.Split('/')[0]]
                        : [own];
                if (Namespace().Match(source.Text) is { Success: true } declared)
                    Assert.True(
                        allowed.Contains(declared.Groups["name"].Value),
                        $"{source.Path} declares the namespace {declared.Groups["name"].Value}."
                    );
            }
        );

    // The AppHost and the monolith start servers on a developer's machine.
    private static string[] ServersOf(ProjectFile project) =>
        project.Path switch
        {
            "Shop.AppHost/Shop.AppHost.csproj" => ["Shop.EmbeddedPostgres", "Shop.ServiceBusEmulator"],
            "services/Shop.Monolith/Shop.Monolith.csproj" => ["Shop.EmbeddedPostgres"],
            _ => [],
        };

    [GeneratedRegex(@"^namespace (?<name>[\w.]+)", RegexOptions.Multiline)]
    private static partial Regex Namespace();

    [GeneratedRegex(@"^\s*#if\b", RegexOptions.Multiline)]
    private static partial Regex Conditional();
}
