using System.Text.Json;

namespace Shop.Deployment.Tests.Azure;

/// <summary>azd's rules for bindings: those of one target port are one group, and one group is the main ingress.</summary>
public sealed class IngressTests(PublishedManifest manifest)
{
    [Fact]
    public void The_gateway_alone_is_open_to_the_internet() =>
        Assert.All(
            manifest.ResourcesOf("project.v0"),
            service =>
                Assert.Equal(service.Name == "gateway" ? 1 : 0, GroupsOf(service).Count(group => group.Any(IsExternal)))
        );

    [Fact]
    public void The_main_ingress_has_no_port_of_its_own() =>
        Assert.All(
            manifest.ResourcesOf("project.v0"),
            service =>
                Assert.All(
                    MainIngressOf(service),
                    binding =>
                    {
                        Assert.False(binding.TryGetProperty("port", out _), $"{service.Name} sets a port.");
                        Assert.Equal("http", binding.GetProperty("transport").GetString());
                    }
                )
        );

    [Fact]
    public void The_gateway_answers_https_on_the_port_for_http()
    {
        var gateway = manifest.ResourcesOf("project.v0").Single(service => service.Name == "gateway");
        var schemes = MainIngressOf(gateway).Select(binding => binding.GetProperty("scheme").GetString());
        Assert.Equal(["http", "https"], schemes.Order());
        Assert.False(gateway.Value.GetProperty("env").TryGetProperty("HTTPS_PORTS", out _));
    }

    [Fact]
    public void Grpc_is_a_second_internal_port()
    {
        var catalog = manifest.ResourcesOf("project.v0").Single(service => service.Name == "catalog");
        var grpc = catalog.Value.GetProperty("bindings").GetProperty("grpc");
        Assert.DoesNotContain(grpc, MainIngressOf(catalog));
        Assert.Equal(8081, grpc.GetProperty("targetPort").GetInt32());
        Assert.False(grpc.TryGetProperty("port", out _), "Callers use the target port.");
        Assert.False(IsExternal(grpc));
    }

    private static IReadOnlyList<JsonElement> MainIngressOf(JsonProperty service)
    {
        var groups = GroupsOf(service).ToList();
        return [.. groups.SingleOrDefault(group => group.Any(IsExternal)) ?? groups[0]];
    }

    private static IEnumerable<IGrouping<string, JsonElement>> GroupsOf(JsonProperty service) =>
        service
            .Value.GetProperty("bindings")
            .EnumerateObject()
            .Select(binding => binding.Value)
            .GroupBy(binding => binding.TryGetProperty("targetPort", out var port) ? port.ToString() : "default");

    private static bool IsExternal(JsonElement binding) =>
        binding.TryGetProperty("external", out var external) && external.GetBoolean();
}
