using System.Text.RegularExpressions;

namespace Shop.Deployment.Tests.SupplyChain;

public sealed partial class WorkflowTests
{
    public static TheoryData<string> Workflows =>
        [.. Directory.EnumerateFiles(Repository.PathOf(".github", "workflows")).Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Workflows))]
    public void A_workflow_keeps_to_the_rules(string name)
    {
        var broken = Broken(File.ReadAllText(Repository.PathOf(".github", "workflows", name)));

        Assert.True(broken.Count == 0, string.Join('\n', broken));
    }

    [Theory]
    [InlineData("- uses: actions/checkout@v7", "actions/checkout@v7 is not pinned to a commit.")]
    [InlineData("- uses: actions/checkout@main", "actions/checkout@main is not pinned to a commit.")]
    [InlineData("- run: eng/no-such-command --now", "eng/no-such-command is not in the repository.")]
    [InlineData("permissions: write-all", "A job may write to the repository.")]
    [InlineData("permissions:\n  contents: write", "A job may write to the repository.")]
    [InlineData("on: pull_request_target", "pull_request_target gives the secrets to anybody's code.")]
    [InlineData("", "The permissions of its token are not limited.")]
    [InlineData("", "A job without timeout-minutes can run for 6 hours.")]
    public void What_breaks_a_rule_is_named(string line, string sentence) =>
        Assert.Contains(sentence, Broken($"jobs:\n  one:\n    runs-on: ubuntu-24.04\n    steps:\n{line}\n"));

    [Fact]
    public void CI_runs_what_a_developer_runs()
    {
        var commands = Runs()
            .Matches(File.ReadAllText(Repository.PathOf(".github", "workflows", "ci.yml")))
            .Select(match => match.Groups[1].Value)
            .ToArray();

        Assert.Contains(".ci/run", commands);
        Assert.Contains("eng/smoke --Shop:Infrastructure=containers", commands);
        Assert.Contains("eng/images", commands);
        Assert.Contains("eng/audit --required", commands);
    }

    private static IReadOnlyList<string> Broken(string workflow) =>
        [
            .. Uses()
                .Matches(workflow)
                .Select(match => match.Groups[1].Value)
                .Where(action => !Commit().IsMatch(action))
                .Select(action => $"{action} is not pinned to a commit."),
            .. Runs()
                .Matches(workflow)
                .Select(match => match.Groups[1].Value.Split(' ')[0])
                .Where(command =>
                    command.Contains('/', StringComparison.Ordinal) && !File.Exists(Repository.PathOf(command))
                )
                .Select(command => $"{command} is not in the repository."),
            .. Sentence(!TopPermissions().IsMatch(workflow), "The permissions of its token are not limited."),
            .. Sentence(
                workflow.Contains("write-all", StringComparison.Ordinal)
                    || workflow.Contains("contents: write", StringComparison.Ordinal),
                "A job may write to the repository."
            ),
            .. Sentence(
                workflow.Contains("pull_request_target", StringComparison.Ordinal),
                "pull_request_target gives the secrets to anybody's code."
            ),
            .. Sentence(
                Jobs().Count(workflow) != Limits().Count(workflow),
                "A job without timeout-minutes can run for 6 hours."
            ),
        ];

    private static string[] Sentence(bool broken, string sentence) => broken ? [sentence] : [];

    [GeneratedRegex(@"^\s*-?\s*uses:\s*(\S+)", RegexOptions.Multiline)]
    private static partial Regex Uses();

    [GeneratedRegex(@"^\s*-?\s*run:\s*(.+?)\s*$", RegexOptions.Multiline)]
    private static partial Regex Runs();

    [GeneratedRegex("@[0-9a-f]{40}$")]
    private static partial Regex Commit();

    [GeneratedRegex("^permissions:", RegexOptions.Multiline)]
    private static partial Regex TopPermissions();

    [GeneratedRegex(@"^\s*runs-on:", RegexOptions.Multiline)]
    private static partial Regex Jobs();

    [GeneratedRegex(@"^\s*timeout-minutes:", RegexOptions.Multiline)]
    private static partial Regex Limits();
}
