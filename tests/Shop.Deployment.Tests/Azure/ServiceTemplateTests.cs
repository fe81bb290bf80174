using System.Globalization;
using System.Text.Json.Nodes;
using Shop.AppHost.Infrastructure.Azure;
using Shop.AzureScale;

namespace Shop.Deployment.Tests.Azure;

public sealed class ServiceTemplateTests
{
    private const string App = """
        {
          "properties": {
            "configuration": { "ingress": { "targetPort": 8080, "external": false } },
            "template": {
              "containers": [
                { "name": "users", "image": "shop.azurecr.io/users:1", "env": [{ "name": "ConnectionStrings__messaging", "secretRef": "messaging" }] }
              ],
              "scale": { "minReplicas": 1 }
            }
          }
        }
        """;

    private static readonly ScaleByQueue s_bus = new("sb-shop", "/subscriptions/1/identity");

    [Fact]
    public void Everything_that_azd_wrote_stays()
    {
        var container = Of("users")["containers"]![0]!.AsObject();

        Assert.True(container.Remove("probes"));
        Assert.True(JsonNode.DeepEquals(JsonNode.Parse(App)!["properties"]!["template"]!["containers"]![0], container));
    }

    [Fact]
    public void Probes_ask_the_port_of_the_ingress()
    {
        var probes = Of("users")["containers"]![0]!["probes"]!.AsArray();

        Assert.Equal(
            ["Startup /healthz 8080", "Liveness /healthz 8080", "Readiness /ready 8080"],
            probes.Select(probe => $"{probe!["type"]} {probe["httpGet"]!["path"]} {probe["httpGet"]!["port"]}")
        );
        // More is not accepted by Container Apps.
        Assert.All(probes, probe => Assert.InRange((int)probe!["failureThreshold"]!, 1, 10));
    }

    [Fact]
    public void A_context_scales_with_its_queue_and_never_to_zero()
    {
        var scale = Of("users")["scale"]!;
        var queue = scale["rules"]!.AsArray().Single(rule => rule!["custom"] is not null)!["custom"]!;

        Assert.Equal(1, (int)scale["minReplicas"]!);
        Assert.Equal("users", (string)queue["metadata"]!["queueName"]!);
        Assert.Equal("sb-shop", (string)queue["metadata"]!["namespace"]!);
        Assert.Equal("/subscriptions/1/identity", (string)queue["identity"]!);
    }

    [Fact]
    public void A_service_that_is_open_to_the_internet_and_has_no_queue_scales_with_requests_from_two_replicas()
    {
        var app = JsonNode.Parse(App)!;
        app["properties"]!["configuration"]!["ingress"]!["external"] = true;
        app["properties"]!["template"]!["containers"]![0]!["env"] = new JsonArray();

        var scale = ServiceTemplate.Of("gateway", app, s_bus)["scale"]!;

        Assert.Equal(2, (int)scale["minReplicas"]!);
        Assert.NotNull(Assert.Single(scale["rules"]!.AsArray())!["http"]);
    }

    [Fact]
    public void All_replicas_together_stay_below_the_connections_of_the_database()
    {
        const int connectionsOfStandardB2s = 429;
        const int reservedForAzure = 15;
        var pools = Directory
            .GetFiles(Repository.PathOf("services"), "*ModelSnapshot.cs", SearchOption.AllDirectories)
            .Length;
        var poolSize = int.Parse(PostgresServer.PoolSize, CultureInfo.InvariantCulture);

        var connections = pools * poolSize * (int)Of("users")["scale"]!["maxReplicas"]!;

        Assert.InRange(connections, 1, connectionsOfStandardB2s - reservedForAzure);
    }

    [Fact]
    public void An_app_that_was_not_deployed_is_named()
    {
        var problem = Assert.Throws<InvalidOperationException>(() =>
            ServiceTemplate.Of("users", JsonNode.Parse("""{ "properties": {} }""")!, s_bus)
        );

        Assert.Equal("users is not deployed; run 'azd deploy' first.", problem.Message);
    }

    private static JsonObject Of(string service) => ServiceTemplate.Of(service, JsonNode.Parse(App)!, s_bus);
}
