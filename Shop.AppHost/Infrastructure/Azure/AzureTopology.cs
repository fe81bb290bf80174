using System.Text.Json.Nodes;
using System.Xml;

namespace Shop.AppHost.Infrastructure.Azure;

/// <summary>Writes <see cref="Topology"/> as the parameter <c>topology</c> of <c>messaging.bicep</c>.</summary>
internal static class AzureTopology
{
    public static JsonObject Write() =>
        new()
        {
            ["lockDuration"] = XmlConvert.ToString(Topology.LockDuration),
            ["maxDeliveryCount"] = Topology.MaxDeliveryCount,
            ["queues"] = Names(Topology.Contexts),
            ["topics"] = Names(Topology.Contexts.Select(Topology.TopicOf)),
            ["subscriptions"] = new JsonArray([.. Topology.Subscriptions.Select(Subscription)]),
        };

    private static JsonArray Names(IEnumerable<string> names) => [.. names.Select(name => JsonValue.Create(name))];

    private static JsonObject Subscription(Topology.Subscription subscription) =>
        new()
        {
            ["topic"] = Topology.TopicOf(subscription.Publisher),
            ["listener"] = subscription.Listener,
            ["rules"] = new JsonArray([.. subscription.Subjects.Select(Rule)]),
        };

    // A new subscription has a rule of this name that lets everything through. Ours replaces it; a rule beside it would not.
    private static JsonObject Rule(string subject, int index) =>
        new() { ["name"] = index == 0 ? "$Default" : Topology.RuleNameOf(subject), ["subject"] = subject };
}
