using System.Text.Json;

namespace Shop.Deployment.Tests.Containers;

public sealed class ImageSettingsTests
{
    [Theory]
    [InlineData("services/Shop.Ordering/Shop.Ordering.csproj", "shop/ordering")]
    [InlineData("services/Shop.Monolith/Shop.Monolith.csproj", "shop/monolith")]
    [InlineData("Shop.Gateway/Shop.Gateway.csproj", "shop/gateway")]
    public async Task An_image_from_dotnet_publish_is_that_of_the_Dockerfile(string project, string repository)
    {
        var image = Dockerfile
            .Parse(
                await File.ReadAllTextAsync(
                    Repository.PathOf("deploy", "docker", "Dockerfile"),
                    TestContext.Current.CancellationToken
                )
            )
            .Stages[^1];

        var (exitCode, output, errors) = await ChildProcess.RunAsync(
            "dotnet",
            "msbuild",
            project,
            "-p:RuntimeIdentifier=linux-x64",
            "-getProperty:ContainerBaseImage,ContainerUser,ContainerRepository,ContainerImageTags,PublishReadyToRun,InvariantGlobalization"
        );

        Assert.True(exitCode == 0, output + errors);
        using var document = JsonDocument.Parse(output);
        var settings = document.RootElement.GetProperty("Properties");
        Assert.Equal(image[0].Words[0], Setting("ContainerBaseImage"));
        Assert.Equal(image.Single(instruction => instruction.Name == "USER").Text, Setting("ContainerUser"));
        Assert.Equal(repository, Setting("ContainerRepository"));
        Assert.Equal("true", Setting("PublishReadyToRun"));
        // The image has ICU for it.
        Assert.Equal("false", Setting("InvariantGlobalization"));
        Assert.EndsWith("-extra", Setting("ContainerBaseImage"), StringComparison.Ordinal);
        // azd gives ContainerImageTag, and the SDK refuses both.
        Assert.Equal("", Setting("ContainerImageTags"));

        string Setting(string name) => settings.GetProperty(name).GetString()!;
    }
}
