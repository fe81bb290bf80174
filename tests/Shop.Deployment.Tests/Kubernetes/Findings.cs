namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>Everything that is wrong, in one sentence each, instead of the first of it.</summary>
internal sealed class Findings
{
    private readonly List<string> _sentences = [];

    public void Unless(bool isRight, string sentence)
    {
        if (!isRight)
            _sentences.Add(sentence);
    }

    /// <summary>Two sets of names have to be equal.</summary>
    public void Compare(string what, IEnumerable<string> expected, IEnumerable<string> actual)
    {
        var (right, found) = (expected.ToHashSet(), actual.ToHashSet());
        foreach (var name in right.Except(found).Order(StringComparer.Ordinal))
            _sentences.Add($"{what}: {name} is missing.");
        foreach (var name in found.Except(right).Order(StringComparer.Ordinal))
            _sentences.Add($"{what}: {name} is too much.");
    }

    public void AssertNone() => Assert.True(_sentences.Count == 0, string.Join(Environment.NewLine, _sentences));
}
