using System.Text.Json;
using Shop.AppHost.Infrastructure;

namespace Shop.Deployment.Tests.Azure;

public sealed class TopologyTests(PublishedManifest manifest)
{
    private JsonElement Published =>
        manifest
            .ResourcesOf("azure.bicep.v0")
            .Single(resource => resource.Name == "messaging")
            .Value.GetProperty("params")
            .GetProperty("topology");

    [Fact]
    public void Every_event_goes_where_the_emulator_sends_it()
    {
        var published = Published
            .GetProperty("subscriptions")
            .EnumerateArray()
            .SelectMany(subscription =>
                subscription
                    .GetProperty("rules")
                    .EnumerateArray()
                    .Select(rule =>
                        $"{subscription.GetProperty("topic")} {rule.GetProperty("subject")} {subscription.GetProperty("listener")}"
                    )
            );
        var expected = Topology.Subscriptions.SelectMany(subscription =>
            subscription.Subjects.Select(subject =>
                $"{Topology.TopicOf(subscription.Publisher)} {subject} {subscription.Listener}"
            )
        );
        Assert.Equal(expected.Order(StringComparer.Ordinal), published.Order(StringComparer.Ordinal));
    }

    // Azure makes one of this name that lets everything through, unless a rule takes its place.
    [Fact]
    public void No_subscription_keeps_the_rule_that_lets_everything_through() =>
        Assert.All(
            Published.GetProperty("subscriptions").EnumerateArray(),
            subscription =>
                Assert.Single(
                    subscription.GetProperty("rules").EnumerateArray(),
                    rule => rule.GetProperty("name").GetString() == "$Default"
                )
        );
}
