using System.Text.Json;

namespace Shop.Deployment.Tests.Azure;

public sealed class BicepTests(PublishedManifest manifest)
{
    private static readonly string s_folder = Repository.PathOf("Shop.AppHost", "Infrastructure", "Azure");

    public static TheoryData<string> Files() =>
        [.. Directory.GetFiles(s_folder, "*.bicep").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Every_file_compiles_and_has_nothing_to_complain_about(string file)
    {
        await BicepCli.RunAsync("build", Path.Combine(s_folder, file), "--stdout");
        await BicepCli.RunAsync("lint", Path.Combine(s_folder, file));
    }

    [Fact]
    public void Every_file_is_published() =>
        Assert.Equal(
            Files().Select(row => row.Data).Order(StringComparer.Ordinal),
            manifest
                .ResourcesOf("azure.bicep.v0")
                .Select(resource => resource.Value.GetProperty("path").GetString()!)
                .Order(StringComparer.Ordinal)
        );

    [Fact]
    public async Task What_azd_composes_of_them_compiles_with_all_parameters()
    {
        using var template = JsonDocument.Parse(
            await BicepCli.RunAsync("build", await MainBicep.WriteAsync(manifest), "--stdout")
        );
        var outputs = template.RootElement.GetProperty("outputs").EnumerateObject().Select(output => output.Name);
        // The step that makes the databases reads the first from its environment.
        Assert.Equal(["MESSAGING_ENDPOINT", "POSTGRES_HOST"], outputs.Order());
    }
}
