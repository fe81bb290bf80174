using System.Text.Json;

namespace Shop.Deployment.Tests.SupplyChain;

public sealed class LockFileTests
{
    /// <summary>Not locked, since not every feed can restore it; nor what it alone brings. See docs/supply-chain.md.</summary>
    private const string Unlocked = "Aspire.Azure.Messaging.ServiceBus";

    public static TheoryData<string> Deployed => [.. Programs.ProjectFiles];

    [Theory]
    [MemberData(nameof(Deployed))]
    public void A_program_resolves_the_packages_of_its_lock_file(string project)
    {
        var path = Path.Combine(Path.GetDirectoryName(project)!, "packages.lock.json");
        Assert.True(
            File.Exists(Repository.PathOf(path)),
            $"{path} is missing: 'dotnet restore {project} -p:AspireServiceBus=project' writes it."
        );

        var differences = Differences(File.ReadAllText(Repository.PathOf(path)), ResolvedPackages.Of(project));

        Assert.True(
            differences.Count == 0,
            $"{path} is out of date: 'dotnet restore {project} -p:AspireServiceBus=project' writes it anew. {string.Join(' ', differences)}"
        );
    }

    [Fact]
    public void A_difference_is_named()
    {
        var folder = Directory.CreateTempSubdirectory("shop package ").FullName;
        File.WriteAllText(Path.Combine(folder, ".nupkg.metadata"), """{ "contentHash": "as served" }""");
        ResolvedPackage[] resolved =
        [
            new("Same", "1.0.0", folder),
            new("Newer", "2.0.0", folder),
            new("More", "1.0.0", folder),
            new("Changed", "1.0.0", folder),
        ];

        var differences = Differences(
            """
            {"dependencies":{"net10.0":{
              "Same":{"type":"Direct","resolved":"1.0.0","contentHash":"as served"},
              "Newer":{"type":"Transitive","resolved":"1.0.0","contentHash":"as served"},
              "Changed":{"type":"Direct","resolved":"1.0.0","contentHash":"as it was"},
              "Less":{"type":"Direct","resolved":"1.0.0","contentHash":"as served"},
              "shop.messaging":{"type":"Project"}}}}
            """,
            resolved
        );

        Assert.Equal(
            [
                "Newer is resolved as 2.0.0, locked as 1.0.0.",
                "More 1.0.0 is not locked.",
                "Changed 1.0.0 is not the package that was locked.",
                "Less is locked and not resolved.",
            ],
            differences
        );
        Directory.Delete(folder, recursive: true);
    }

    private static List<string> Differences(string lockFile, IReadOnlyList<ResolvedPackage> resolved)
    {
        using var document = JsonDocument.Parse(lockFile);
        var locked = document
            .RootElement.GetProperty("dependencies")
            .EnumerateObject()
            .SelectMany(platform => platform.Value.EnumerateObject())
            .Where(package => package.Value.TryGetProperty("resolved", out _))
            .DistinctBy(package => package.Name)
            .ToDictionary(
                package => package.Name,
                package =>
                    (
                        Version: package.Value.GetProperty("resolved").GetString()!,
                        Hash: package.Value.GetProperty("contentHash").GetString()!
                    )
            );
        var withPackage = resolved.Any(package => package.Name == Unlocked);
        var differences = new List<string>();
        foreach (var package in resolved)
        {
            if (!locked.TryGetValue(package.Name, out var entry))
            {
                if (!withPackage)
                    differences.Add($"{package.Name} {package.Version} is not locked.");
            }
            else if (entry.Version != package.Version)
            {
                differences.Add($"{package.Name} is resolved as {package.Version}, locked as {entry.Version}.");
            }
            else if (entry.Hash != package.ContentHash)
            {
                differences.Add($"{package.Name} {package.Version} is not the package that was locked.");
            }
        }

        differences.AddRange(
            locked
                .Keys.Except(resolved.Select(package => package.Name))
                .Select(name => $"{name} is locked and not resolved.")
        );
        return differences;
    }
}
