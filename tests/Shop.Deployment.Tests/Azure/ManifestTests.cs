namespace Shop.Deployment.Tests.Azure;

public sealed class ManifestTests(PublishedManifest manifest)
{
    [Fact]
    public void Nothing_of_processes_mode_reaches_the_manifest()
    {
        Assert.Equal(9, manifest.ResourcesOf("project.v0").Count);
        Assert.All(
            manifest.Resources,
            resource =>
                Assert.True(
                    PublishedManifest.TypeOf(resource) is "project.v0" or "parameter.v0",
                    $"{resource.Name} is {PublishedManifest.TypeOf(resource)}."
                )
        );
        Assert.DoesNotContain("127.0.0.1", manifest.Text, StringComparison.Ordinal);
        Assert.False(Directory.Exists(Path.Combine(manifest.Folder, "data")), "Publishing made a data directory.");
    }
}
