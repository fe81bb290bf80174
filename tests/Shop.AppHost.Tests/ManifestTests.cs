using System.Text.Json;

namespace Shop.AppHost.Tests;

public sealed class ManifestTests : IDisposable
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shop manifest ").FullName;

    public void Dispose() => Directory.Delete(_folder, recursive: true);

    [Fact]
    public async Task Nothing_of_processes_mode_reaches_the_manifest()
    {
        var file = Path.Combine(_folder, "manifest.json");

        var (exitCode, errors) = await AppHostProcess.RunAsync(
            _folder,
            "--publisher",
            "manifest",
            "--output-path",
            file
        );

        Assert.True(exitCode == 0, errors);
        var text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        using var manifest = JsonDocument.Parse(text);
        var resources = manifest.RootElement.GetProperty("resources").EnumerateObject().ToList();
        Assert.Equal(9, resources.Count(resource => TypeOf(resource) == "project.v0"));
        Assert.All(
            resources,
            resource =>
                Assert.True(
                    TypeOf(resource) is "project.v0" or "parameter.v0",
                    $"{resource.Name} is {TypeOf(resource)}."
                )
        );
        Assert.DoesNotContain("127.0.0.1", text, StringComparison.Ordinal);
        Assert.Empty(Directory.EnumerateDirectories(_folder));
    }

    private static string? TypeOf(JsonProperty resource) => resource.Value.GetProperty("type").GetString();
}
