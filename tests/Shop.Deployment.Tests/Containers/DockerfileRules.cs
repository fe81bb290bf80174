using System.Text.RegularExpressions;

namespace Shop.Deployment.Tests.Containers;

/// <summary>What every Dockerfile of the repository keeps to.</summary>
internal static partial class DockerfileRules
{
    /// <summary>One sentence for each rule that the Dockerfile breaks.</summary>
    public static IReadOnlyList<string> Broken(Dockerfile file) =>
        [
            .. Tags(file),
            .. Users(file.Stages[^1]),
            .. Secrets(file),
            .. Shells(file.Stages[^1]),
            .. Layers(file),
            .. Downloads(file),
        ];

    private static IEnumerable<string> Tags(Dockerfile file)
    {
        var stages = new HashSet<string>();
        foreach (var from in file.Stages.Select(stage => stage[0]))
        {
            if (!stages.Contains(from.Words[0]) && !PinnedImage().IsMatch(from.Words[0]))
                yield return $"{from.Words[0]} has no full version as its tag, so that two builds may differ.";
            if (from.Words is [_, _, var name])
                stages.Add(name);
        }
    }

    private static IEnumerable<string> Users(IReadOnlyList<Instruction> image)
    {
        var user = image.LastOrDefault(instruction => instruction.Name == "USER")?.Text;
        if (user is null || !uint.TryParse(user, out var id) || id == 0)
            yield return $"The image runs as {user ?? "whoever its base says"}; USER has to be a number other than 0.";
    }

    private static IEnumerable<string> Secrets(Dockerfile file) =>
        file
            .Instructions.Where(instruction => Secret().IsMatch(instruction.Text))
            .Select(instruction =>
                $"{instruction.Name} has something secret in it, which stays in a layer: {instruction.Text}"
            );

    private static IEnumerable<string> Shells(IReadOnlyList<Instruction> image)
    {
        if (image.Any(instruction => instruction.Name is "RUN" or "SHELL"))
            yield return "The last stage runs a command, but its base has no shell.";
        foreach (var name in new[] { "ENTRYPOINT", "HEALTHCHECK" })
        {
            var text = image.LastOrDefault(instruction => instruction.Name == name)?.Text;
            if (text is null)
                yield return $"The image has no {name}.";
            else if (!ExecForm().IsMatch(text))
                yield return $"{name} needs a shell: write the command as a JSON array.";
        }
    }

    private static IEnumerable<string> Layers(Dockerfile file)
    {
        var build = file.Stages.FirstOrDefault(stage => IndexOf(stage, "RUN", "dotnet publish") >= 0);
        if (build is null)
        {
            yield return "No stage publishes the program.";
            yield break;
        }

        var restore = IndexOf(build, "RUN", "dotnet restore");
        var sources = IndexOf(build, "COPY", ". .");
        if (restore < 0 || restore > sources)
            yield return "The sources are copied before the packages are restored, so that every change restores them again.";
        if (!build[IndexOf(build, "RUN", "dotnet publish")].Text.Contains("--no-restore", StringComparison.Ordinal))
            yield return "'dotnet publish' restores again: give it --no-restore.";
        if (file.Stages[^1] == build)
            yield return "The image is the stage that builds, so that it has the SDK and the sources in it.";
    }

    private static IEnumerable<string> Downloads(Dockerfile file) =>
        file
            .Instructions.Where(instruction => instruction.Name == "ADD")
            .Select(instruction => $"ADD downloads and unpacks without a word: use COPY for {instruction.Text}.");

    private static int IndexOf(IReadOnlyList<Instruction> stage, string name, string text) =>
        stage
            .Select((instruction, index) => (instruction, index))
            .Where(item =>
                item.instruction.Name == name && item.instruction.Text.StartsWith(text, StringComparison.Ordinal)
            )
            .Select(item => item.index)
            .DefaultIfEmpty(-1)
            .First();

    [GeneratedRegex(@"^[^:@]+:\d+\.\d+\.\d+[-\w.]*$")]
    private static partial Regex PinnedImage();

    [GeneratedRegex(
        "password|passwd|secret|token|api_?key|account_?key|access_?key|connection_?string|Pwd=",
        RegexOptions.IgnoreCase
    )]
    private static partial Regex Secret();

    [GeneratedRegex(@"^(--\S+\s+)*(CMD\s+)?\[.*\]$")]
    private static partial Regex ExecForm();
}
