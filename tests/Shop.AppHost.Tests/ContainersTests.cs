using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;

namespace Shop.AppHost.Tests;

public sealed class ContainersTests : IDisposable
{
    private readonly string _data = Directory.CreateTempSubdirectory("shop data ").FullName;

    public void Dispose() => Directory.Delete(_data, recursive: true);

    /// <summary>The model alone: no container engine is needed.</summary>
    [Fact]
    public async Task Containers_mode_has_the_same_resources_with_databases_cache_and_mail_in_containers()
    {
        await using var builder = await DistributedApplicationTestingBuilder.CreateAsync<Projects.Shop_AppHost>(
            [$"--Shop:DataDirectory={_data}", "--Shop:Infrastructure=containers"],
            TestContext.Current.CancellationToken
        );

        var containers = builder.Resources.OfType<ContainerResource>().Select(resource => resource.Name);
        var processes = builder.Resources.OfType<ExecutableResource>().Select(resource => resource.Name);
        var connections = builder.Resources.OfType<IResourceWithConnectionString>().Select(resource => resource.Name);
        Assert.Equal(["cache", "maildev", "postgres"], containers.Order());
        Assert.Contains("messaging", processes);
        Assert.DoesNotContain("postgres", processes);
        Assert.Superset(
            SystemTests
                .Databases.Select(row => row.Data)
                .Append("cache")
                .Append("messaging")
                .Append("mail")
                .ToHashSet(),
            connections.ToHashSet()
        );
        Assert.Equal(10, builder.Resources.OfType<ProjectResource>().Count());
    }
}
