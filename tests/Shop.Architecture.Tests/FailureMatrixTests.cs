using System.Text.RegularExpressions;

namespace Shop.Architecture.Tests;

/// <summary>The failure matrix promises nothing that no test proves.</summary>
public sealed partial class FailureMatrixTests
{
    [Fact]
    public void Every_test_that_the_failure_matrix_names_exists()
    {
        var matrix = File.ReadAllText(Path.Combine(Repository.Root, "docs/failure-matrix.md"));
        var named = TestName().Matches(matrix).Select(match => match.Groups["name"].Value).ToHashSet();
        var sources = string.Concat(
            Directory
                .EnumerateFiles(Path.Combine(Repository.Root, "tests"), "*Tests.cs", SearchOption.AllDirectories)
                .Select(File.ReadAllText)
        );

        Assert.True(named.Count > 20, $"Only {named.Count} tests are named.");
        Assert.All(named, name => Assert.Contains($" {name}(", sources, StringComparison.Ordinal));
    }

    [GeneratedRegex(@"\| `(?<name>[A-Z]\w+)` \|")]
    private static partial Regex TestName();
}
