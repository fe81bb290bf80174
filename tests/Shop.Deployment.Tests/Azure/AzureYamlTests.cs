using System.Text.RegularExpressions;

namespace Shop.Deployment.Tests.Azure;

public sealed partial class AzureYamlTests
{
    private static readonly string s_text = File.ReadAllText(Repository.PathOf("azure.yaml"));

    [Fact]
    public void Every_file_that_it_names_is_there()
    {
        var files = Files().Matches(s_text).Select(match => match.Groups[1].Value).ToList();
        Assert.Equal(3, files.Count);
        Assert.All(files, file => Assert.True(File.Exists(Repository.PathOf(file)), $"{file} is missing."));
    }

    // azd finds the services in the manifest.
    [Fact]
    public void The_AppHost_is_the_only_service() => Assert.Single(Hosts().Matches(s_text));

    [GeneratedRegex(@"(?:run|project): \./(\S+)")]
    private static partial Regex Files();

    [GeneratedRegex("host: containerapp")]
    private static partial Regex Hosts();
}
