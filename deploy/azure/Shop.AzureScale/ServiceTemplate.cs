using System.Globalization;
using System.Text.Json.Nodes;

namespace Shop.AzureScale;

/// <summary>How Container Apps asks for a queue's length.</summary>
/// <param name="Namespace">The Service Bus namespace's name.</param>
/// <param name="Identity">The resource id of the managed identity that may read the queues.</param>
internal sealed record ScaleByQueue(string Namespace, string Identity);

/// <summary>
/// A service's template with probes and scale rules. Everything that azd wrote, environment variables above all, stays as it
/// is.
/// </summary>
internal static class ServiceTemplate
{
    /// <summary>A service that has it also has a queue of its name.</summary>
    private const string Messaging = "ConnectionStrings__messaging";

    /// <summary>With more of each, PostgreSQL runs out of connections.</summary>
    private const int MaxReplicas = 3;

    private const int RequestsPerReplica = 50;
    private const int MessagesPerReplica = 100;

    /// <param name="service">The service's name, which is its queue's too.</param>
    /// <param name="app">The container app, as Azure Resource Manager describes it.</param>
    /// <param name="bus">Where the queues are.</param>
    /// <exception cref="InvalidOperationException">The app has no ingress or no container.</exception>
    public static JsonObject Of(string service, JsonNode app, ScaleByQueue bus)
    {
        var ingress = app["properties"]?["configuration"]?["ingress"];
        var container = app["properties"]?["template"]?["containers"]?[0];
        if (ingress?["targetPort"] is null || container is null)
            throw new InvalidOperationException($"{service} is not deployed; run 'azd deploy' first.");

        var port = (int)ingress["targetPort"]!;
        var isPublic = (bool?)ingress["external"] == true;
        var hasQueue = container["env"]?.AsArray().Any(variable => (string?)variable!["name"] == Messaging) == true;
        var template = app["properties"]!["template"]!.DeepClone().AsObject();
        container = template["containers"]![0]!;
        container["probes"] = new JsonArray(
            // A service listens when its database is up to date: it has 150 seconds for that, and then another try.
            Probe("Startup", "/healthz", port, periodSeconds: 15, failureThreshold: 10),
            Probe("Liveness", "/healthz", port, periodSeconds: 10, failureThreshold: 3),
            Probe("Readiness", "/ready", port, periodSeconds: 5, failureThreshold: 3)
        );
        template["scale"] = new JsonObject
        {
            // Never zero: the outbox relay and the deadlines of orders run without a request.
            ["minReplicas"] = isPublic ? 2 : 1,
            ["maxReplicas"] = MaxReplicas,
            ["rules"] = hasQueue ? new JsonArray(ByRequests(), ByQueue(service, bus)) : new JsonArray(ByRequests()),
        };
        return template;
    }

    private static JsonObject Probe(string type, string path, int port, int periodSeconds, int failureThreshold) =>
        new()
        {
            ["type"] = type,
            ["httpGet"] = new JsonObject { ["path"] = path, ["port"] = port },
            ["periodSeconds"] = periodSeconds,
            ["failureThreshold"] = failureThreshold,
            // The checks behind /ready give a dependency three.
            ["timeoutSeconds"] = 5,
        };

    private static JsonObject ByRequests() =>
        new()
        {
            ["name"] = "requests",
            ["http"] = new JsonObject
            {
                ["metadata"] = new JsonObject { ["concurrentRequests"] = Text(RequestsPerReplica) },
            },
        };

    private static JsonObject ByQueue(string queue, ScaleByQueue bus) =>
        new()
        {
            ["name"] = "queue",
            ["custom"] = new JsonObject
            {
                ["type"] = "azure-servicebus",
                ["metadata"] = new JsonObject
                {
                    ["namespace"] = bus.Namespace,
                    ["queueName"] = queue,
                    ["messageCount"] = Text(MessagesPerReplica),
                },
                ["identity"] = bus.Identity,
            },
        };

    private static string Text(int number) => number.ToString(CultureInfo.InvariantCulture);
}
