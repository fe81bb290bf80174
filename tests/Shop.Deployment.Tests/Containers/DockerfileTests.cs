using System.Text.RegularExpressions;
using System.Xml.Linq;

namespace Shop.Deployment.Tests.Containers;

public sealed class DockerfileTests
{
    private static readonly string s_text = File.ReadAllText(Repository.PathOf("deploy", "docker", "Dockerfile"));

    [Fact]
    public void The_Dockerfile_keeps_to_the_rules()
    {
        var broken = DockerfileRules.Broken(Dockerfile.Parse(s_text));

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Theory]
    [InlineData(@"/sdk:\S+", "/sdk:10.0-noble", "has no full version")]
    [InlineData(@"/aspnet:\S+", "/aspnet:latest", "has no full version")]
    [InlineData(@"/aspnet:\S+", "/aspnet", "has no full version")]
    [InlineData(@"USER \d+", "USER 0", "The image runs as 0")]
    [InlineData(@"USER \d+", "USER app", "The image runs as app")]
    [InlineData(@"USER \d+\n", "", "The image runs as whoever its base says")]
    [InlineData("ARG REVISION", "ARG NUGET_TOKEN\nARG REVISION", "ARG has something secret")]
    [InlineData("EXPOSE", "ENV ConnectionStrings__orderingdb=Host=db\nEXPOSE", "ENV has something secret")]
    [InlineData("EXPOSE", "RUN mkdir /data\nEXPOSE", "its base has no shell")]
    [InlineData(@"CMD \[.*\]", "CMD curl -f localhost", "HEALTHCHECK needs a shell")]
    [InlineData(@"ENTRYPOINT \[.*\]", "ENTRYPOINT dotnet service.dll", "ENTRYPOINT needs a shell")]
    [InlineData("HEALTHCHECK ", "# ", "has no HEALTHCHECK")]
    [InlineData("COPY global.json", "COPY . .\nCOPY global.json", "copied before the packages are restored")]
    [InlineData(" --no-restore", "", "restores again")]
    [InlineData(@"COPY \. \.", "ADD . .", "ADD downloads")]
    public void What_breaks_a_rule_is_named(string pattern, string instead, string message)
    {
        Assert.Matches(pattern, s_text);

        var broken = DockerfileRules.Broken(Dockerfile.Parse(Regex.Replace(s_text, pattern, instead)));

        Assert.Contains(broken, sentence => sentence.Contains(message, StringComparison.Ordinal));
    }

    [Fact]
    public void Restoring_has_every_project_file_that_a_program_needs()
    {
        var build = Dockerfile.Parse(s_text).Stages[0];
        var copied = build
            .TakeWhile(instruction => !instruction.Text.StartsWith("dotnet restore", StringComparison.Ordinal))
            .Where(instruction => instruction.Name == "COPY")
            .SelectMany(instruction => instruction.Words.SkipLast(1))
            .Select(pattern => new Regex(
                "^"
                    + Regex
                        .Escape(pattern)
                        .Replace(@"\*\*/", "(.*/)?", StringComparison.Ordinal)
                        .Replace(@"\*", "[^/]*", StringComparison.Ordinal)
                    + (pattern.EndsWith('/') ? "" : "$")
            ))
            .ToArray();

        var needed = Programs.ProjectFiles.SelectMany(NeededBy).Distinct().ToArray();

        Assert.True(needed.Length > Programs.ProjectFiles.Count, "The programs seem to reference nothing.");
        Assert.All(needed, file => Assert.True(copied.Any(pattern => pattern.IsMatch(file)), $"{file} is not copied."));
    }

    [Fact]
    public void The_context_leaves_out_what_must_not_be_in_an_image()
    {
        var ignored = File.ReadAllLines(Repository.PathOf("deploy", "docker", "Dockerfile.dockerignore"));

        Assert.All(
            [".git", ".shop", "**/obj", "**/bin", "**/.env", "artifacts"],
            path => Assert.Contains(path, ignored)
        );
    }

    private static IEnumerable<string> NeededBy(string project)
    {
        var folder = Path.GetDirectoryName(project)!;
        return XDocument
            .Load(Repository.PathOf(project))
            .Descendants("ProjectReference")
            .Select(reference => Path.Combine(folder, reference.Attribute("Include")!.Value))
            .Select(path =>
                Path.GetRelativePath(Repository.Root, Path.GetFullPath(path, Repository.Root)).Replace('\\', '/')
            )
            .SelectMany(NeededBy)
            .Append(project)
            .Append("Directory.Build.props")
            .Append("Directory.Build.targets")
            .Append("Directory.Packages.props")
            .Append("global.json");
    }
}
