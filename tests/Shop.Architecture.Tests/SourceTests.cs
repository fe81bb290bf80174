using System.Text.RegularExpressions;

namespace Shop.Architecture.Tests;

public sealed partial class SourceTests
{
    [Fact]
    public void Production_never_names_its_local_stand_ins() =>
        Assert.All(
            Repository.ProductionProjects(),
            project =>
            {
                Assert.DoesNotContain("Shop.Local.", project.Text, StringComparison.Ordinal);
                // Processes mode starts the emulator: the AppHost has it built, and nothing else of local/.
                var known =
                    project.Path == "Shop.AppHost/Shop.AppHost.csproj" ? "local/Shop.ServiceBusEmulator/" : null;
                Assert.DoesNotContain(
                    project.References,
                    reference =>
                        reference.StartsWith("local/", StringComparison.Ordinal)
                        && !(known is not null && reference.StartsWith(known, StringComparison.Ordinal))
                );
            }
        );

    [Fact]
    public void Only_the_AppHosts_infrastructure_differs_by_feed() =>
        Assert.DoesNotContain(
            Repository.ProductionSources(),
            source =>
                Conditional().IsMatch(source.Text)
                && !source.Path.StartsWith("Shop.AppHost/Infrastructure/", StringComparison.Ordinal)
        );

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

    [GeneratedRegex(@"^\s*#if\b", RegexOptions.Multiline)]
    private static partial Regex Conditional();
}
