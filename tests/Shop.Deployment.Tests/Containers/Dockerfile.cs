using System.Text.RegularExpressions;

namespace Shop.Deployment.Tests.Containers;

/// <summary>One instruction of a Dockerfile: <c>COPY</c> and what follows it.</summary>
internal sealed record Instruction(string Name, string Text)
{
    /// <summary>The words without the options such as <c>--from=build</c>.</summary>
    public IReadOnlyList<string> Words =>
        [
            .. Text.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries)
                .Where(word => !word.StartsWith("--", StringComparison.Ordinal)),
        ];
}

/// <summary>The instructions of a Dockerfile, in their stages.</summary>
internal sealed partial class Dockerfile
{
    private Dockerfile(IReadOnlyList<IReadOnlyList<Instruction>> stages) => Stages = stages;

    /// <summary>Each begins with its <c>FROM</c>.</summary>
    public IReadOnlyList<IReadOnlyList<Instruction>> Stages { get; }

    public IEnumerable<Instruction> Instructions => Stages.SelectMany(stage => stage);

    public static Dockerfile Parse(string text)
    {
        var stages = new List<List<Instruction>>();
        foreach (var line in Continuation().Replace(Comment().Replace(text, ""), " ").Split('\n'))
        {
            if (line.Trim() is not { Length: > 0 } instruction)
                continue;
            var parts = instruction.Split(' ', 2);
            var name = parts[0].ToUpperInvariant();
            if (name == "FROM")
                stages.Add([]);
            Assert.True(stages.Count > 0, $"{name} is before the first FROM.");
            stages[^1].Add(new Instruction(name, parts.ElementAtOrDefault(1)?.Trim() ?? ""));
        }

        return new Dockerfile(stages);
    }

    [GeneratedRegex(@"^\s*#.*$\n?", RegexOptions.Multiline)]
    private static partial Regex Comment();

    [GeneratedRegex(@"\\\s*\n")]
    private static partial Regex Continuation();
}
