using System.Text.Json;

namespace Shop.Deployment.Tests.SupplyChain;

public sealed class LicenceTests
{
    private static readonly Licences s_licences = Licences.Load();
    private static readonly string[] s_npmFolders = ["local", "tests/Shop.EndToEnd/Pages"];

    [Fact]
    public void Every_dependency_has_an_allowed_licence()
    {
        var packages = NuGetPackages().Concat(s_npmFolders.SelectMany(NpmPackages)).ToArray();

        Assert.True(packages.Length > 200, $"Only {packages.Length} packages were found.");
        var problems = packages
            .Select(package => s_licences.Problem(package.Name, package.Licence))
            .OfType<string>()
            .ToArray();
        Assert.True(problems.Length == 0, string.Join('\n', problems));
        Assert.All(
            s_licences.LookedUp,
            name => Assert.True(packages.Contains((name, null)), $"eng/licences.json has {name} for nothing.")
        );
    }

    [Theory]
    [InlineData("MIT", null)]
    [InlineData("(MPL-2.0 OR MIT)", null)]
    [InlineData("MIT AND Apache-2.0", null)]
    [InlineData("GPL-3.0-only", "Thing has the licence GPL-3.0-only, which")]
    [InlineData("MIT AND GPL-3.0-only", "Thing has the licence MIT AND GPL-3.0-only, which")]
    [InlineData(null, "Thing names no SPDX licence")]
    public void A_licence_that_is_not_allowed_is_named(string? licence, string? problem)
    {
        var licences = new Licences(["MIT", "Apache-2.0"], new Dictionary<string, string>());

        Assert.StartsWith(problem ?? "", licences.Problem("Thing", licence) ?? "", StringComparison.Ordinal);
        Assert.Equal(problem is null, licences.Problem("Thing", licence) is null);
    }

    private static IEnumerable<(string Name, string? Licence)> NuGetPackages() =>
        ResolvedPackages
            .Projects.SelectMany(ResolvedPackages.Of)
            .DistinctBy(package => package.Folder)
            .Select(package => (package.Name, package.Licence));

    private static IEnumerable<(string Name, string? Licence)> NpmPackages(string folder)
    {
        using var file = JsonDocument.Parse(File.ReadAllText(Repository.PathOf(folder, "package-lock.json")));
        return
        [
            .. file
                .RootElement.GetProperty("packages")
                .EnumerateObject()
                .Where(package => package.Name.Length > 0)
                .Select(package =>
                    (
                        package.Name.Split("node_modules/")[^1],
                        package.Value.TryGetProperty("license", out var licence) ? licence.GetString() : null
                    )
                ),
        ];
    }
}
