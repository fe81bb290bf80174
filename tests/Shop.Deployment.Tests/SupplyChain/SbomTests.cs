using System.Text.Json;

namespace Shop.Deployment.Tests.SupplyChain;

public sealed class SbomTests
{
    private const string Program = "Shop.Gateway";

    [Fact]
    public async Task The_SBOM_of_a_program_has_each_of_its_packages_with_version_hash_and_licence()
    {
        await RunAsync("dotnet", "tool", "restore");
        await RunAsync("bash", "eng/sbom", Program);

        using var sbom = JsonDocument.Parse(
            await File.ReadAllTextAsync(
                Repository.PathOf("artifacts", "sbom", $"{Program}.cdx.json"),
                TestContext.Current.CancellationToken
            )
        );
        Assert.Equal("CycloneDX", sbom.RootElement.GetProperty("bomFormat").GetString());
        var components = sbom.RootElement.GetProperty("components").EnumerateArray().ToArray();
        Assert.Equal(
            ResolvedPackages
                .Of($"{Program}/{Program}.csproj")
                .Select(package => $"pkg:nuget/{package.Name}@{package.Version}")
                .Order(),
            components.Select(component => component.GetProperty("purl").GetString()!).Order()
        );
        Assert.All(components, component => Assert.NotEmpty(component.GetProperty("hashes").EnumerateArray()));
        Assert.All(components, component => Assert.NotEmpty(component.GetProperty("licenses").EnumerateArray()));
    }

    private static async Task RunAsync(string program, params string[] arguments)
    {
        var (exitCode, output, errors) = await ChildProcess.RunAsync(program, arguments);
        Assert.True(exitCode == 0, $"{program} {string.Join(' ', arguments)}: {output}{errors}");
    }
}
