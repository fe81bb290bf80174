namespace Shop.Deployment.Tests.SupplyChain;

/// <summary>
/// A package that is compiled ahead of time in another version than programs use slows their start, and nothing else shows it.
/// </summary>
public sealed class PrecompiledTests
{
    // The AppHost raises it. One hash function is not worth a pin.
    private const string Exception = "System.IO.Hashing";

    [Fact]
    public void Programs_use_the_versions_that_are_compiled_ahead_of_time()
    {
        var compiled = Directory
            .CreateDirectory(Repository.PathOf("artifacts", "ready-to-run"))
            .EnumerateDirectories()
            .SelectMany(platform => platform.EnumerateDirectories())
            .SelectMany(package => package.EnumerateDirectories())
            .ToLookup(version => version.Parent!.Name, version => version.Name, StringComparer.OrdinalIgnoreCase);
        Assert.SkipWhen(!compiled.Contains("Npgsql"), "No package is compiled ahead of time: the compiler is missing.");

        var others = Programs
            .ProjectFiles.SelectMany(ResolvedPackages.Of)
            .Where(package => compiled.Contains(package.Name) && package.Name != Exception)
            .GroupBy(package => package.Name, package => package.Version)
            .Where(package => !package.Intersect(compiled[package.Key]).Any())
            .Select(package => $"{package.Key} {package.First()}")
            .ToList();

        Assert.True(
            others.Count == 0,
            $"Compiled ahead of time in another version: {string.Join(", ", others)}. Make eng/ready-to-run/packages.csproj resolve these."
        );
    }
}
