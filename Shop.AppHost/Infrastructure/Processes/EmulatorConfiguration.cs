using System.Text.Json;
using System.Text.Json.Nodes;
using System.Xml;

namespace Shop.AppHost.Infrastructure.Processes;

/// <summary>Writes <see cref="Topology"/> in the format of Microsoft's Service Bus emulator.</summary>
internal static class EmulatorConfiguration
{
    private static readonly JsonSerializerOptions s_indented = new() { WriteIndented = true };

    public static string Write()
    {
        var configuration = new JsonObject
        {
            ["UserConfig"] = new JsonObject
            {
                ["Namespaces"] = new JsonArray(
                    new JsonObject
                    {
                        ["Name"] = "shop",
                        ["Queues"] = new JsonArray([.. Topology.Contexts.Select(Queue)]),
                        ["Topics"] = new JsonArray([.. Topology.Contexts.Select(Topic)]),
                    }
                ),
            },
        };
        return configuration.ToJsonString(s_indented);
    }

    private static JsonObject Queue(string context) =>
        new()
        {
            ["Name"] = context,
            ["Properties"] = new JsonObject
            {
                ["LockDuration"] = XmlConvert.ToString(Topology.LockDuration),
                ["MaxDeliveryCount"] = Topology.MaxDeliveryCount,
            },
        };

    private static JsonObject Topic(string context) =>
        new()
        {
            ["Name"] = Topology.TopicOf(context),
            ["Subscriptions"] = new JsonArray([
                .. Topology.Subscriptions.Where(subscription => subscription.Publisher == context).Select(Subscription),
            ]),
        };

    private static JsonObject Subscription(Topology.Subscription subscription) =>
        new()
        {
            ["Name"] = subscription.Listener,
            ["Properties"] = new JsonObject
            {
                ["LockDuration"] = XmlConvert.ToString(Topology.LockDuration),
                ["MaxDeliveryCount"] = Topology.MaxDeliveryCount,
                ["ForwardTo"] = subscription.Listener,
            },
            ["Rules"] = new JsonArray([.. subscription.Subjects.Select(Rule)]),
        };

    private static JsonObject Rule(string subject) =>
        new()
        {
            ["Name"] = Topology.RuleNameOf(subject),
            ["Properties"] = new JsonObject
            {
                ["FilterType"] = "Correlation",
                ["CorrelationFilter"] = new JsonObject { ["Label"] = subject },
            },
        };
}
