using System.Text.Json;

[assembly: AssemblyFixture(typeof(Shop.Deployment.Tests.PublishedManifest))]

namespace Shop.Deployment.Tests;

/// <summary>What the AppHost publishes, written once as azd has it written.</summary>
public sealed class PublishedManifest : IAsyncLifetime
{
    private readonly string _folder = Directory.CreateTempSubdirectory("shop manifest ").FullName;
    private JsonDocument? _document;

    /// <summary>The folder of the manifest and of the files that it names.</summary>
    internal string Folder => _folder;

    /// <summary>The text of the manifest.</summary>
    internal string Text { get; private set; } = "";

    internal IReadOnlyList<JsonProperty> Resources =>
        [.. _document!.RootElement.GetProperty("resources").EnumerateObject()];

    internal IReadOnlyList<JsonProperty> ResourcesOf(string type) =>
        [.. Resources.Where(resource => TypeOf(resource) == type)];

    internal static string TypeOf(JsonProperty resource) => resource.Value.GetProperty("type").GetString()!;

    /// <inheritdoc />
    public async ValueTask InitializeAsync()
    {
        var file = Path.Combine(_folder, "manifest.json");
        var (exitCode, errors) = await AppHostProcess.RunAsync(
            Path.Combine(_folder, "data"),
            "--publisher",
            "manifest",
            "--output-path",
            file
        );
        Assert.True(exitCode == 0, errors);
        Text = await File.ReadAllTextAsync(file, TestContext.Current.CancellationToken);
        _document = JsonDocument.Parse(Text);
    }

    /// <inheritdoc />
    public ValueTask DisposeAsync()
    {
        _document?.Dispose();
        Directory.Delete(_folder, recursive: true);
        return ValueTask.CompletedTask;
    }
}
