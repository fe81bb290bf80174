using System.Text;
using Shop.ServiceBusEmulator.Configuration;

namespace Shop.ServiceBus.Tests;

public sealed class EmulatorConfigurationTests
{
    [Theory]
    [InlineData(
        "{ \"UserConfig\": { \"Namespaces\": [ {\n \"Queues\": [ { \"Name\": \"a\" }, \n{ \"Name\": \"A\" } ] } ] } }",
        "(3): 'A' is there twice"
    )]
    [InlineData("{\n\n \"UserConfig\": }", "(3): this is not JSON")]
    [InlineData(
        "{ \"UserConfig\": { \"Namespaces\": [ { \"Queues\": [\n { \"Name\": \"a\", \"Properties\": { \"ForwardTo\": \"b\" } } ] } ] } }",
        "(2): 'a' forwards to 'b', which does not exist"
    )]
    [InlineData(
        "{ \"UserConfig\": { \"Namespaces\": [ { \"Queues\": [ { \"Name\": \"a\", \"Properties\": { \"ForwardTo\": \"b\" } },\n { \"Name\": \"b\", \"Properties\": { \"ForwardTo\": \"a\" } } ] } ] } }",
        "in a circle"
    )]
    [InlineData(
        "{ \"UserConfig\": { \"Namespaces\": [ { \"Queues\": [ { \"Name\": \"a\", \"Properties\": { \"RequiresSession\": true,\n \"ForwardTo\": \"b\" } } ] } ] } }",
        "(2): an entity with sessions cannot forward"
    )]
    [InlineData(
        "{ \"UserConfig\": { \"Namespaces\": [ { \"Topics\": [ { \"Name\": \"t\", \"Subscriptions\": [ { \"Name\": \"s\", \"Rules\": [ { \"Name\": \"r\", \"Properties\": {\n \"FilterType\": \"Sql\", \"SqlFilter\": { \"SqlExpression\": \"a = \" } } } ] } ] } ] } ] } }",
        "(2): Expected a property or a constant, not the end at character 5 of the expression: a = "
    )]
    [InlineData(
        "{ \"UserConfig\": { \"Namespaces\": [ { \"Queues\": [ { \"Name\": \"a\", \"Properties\": {\n \"LockDuraton\": \"PT1M\" } } ] } ] } }",
        "(2): 'LockDuraton' is not known here"
    )]
    [InlineData(
        "{ \"UserConfig\": { \"Namespaces\": [ { \"Queues\": [ { \"Name\": \"a\", \"Properties\": {\n \"LockDuration\": \"PT6M\" } } ] } ] } }",
        "(2): 'LockDuration' must be above zero and at most PT5M"
    )]
    [InlineData(
        "{ \"UserConfig\": { \"Namespaces\": [ { \"Topics\": [ { \"Name\": \"t\", \"Properties\": { \"RequiresDuplicateDetection\": true,\n \"DuplicateDetectionHistoryTimeWindow\": \"P8D\" } } ] } ] } }",
        "(2): 'DuplicateDetectionHistoryTimeWindow' must be above zero and at most P7D"
    )]
    [InlineData(
        "{ \"UserConfig\": { \"Namespaces\": [ { \"Topics\": [ { \"Name\": \"t\", \"Subscriptions\": [ { \"Name\": \"s\", \"Rules\": [ { \"Name\": \"r\", \"Properties\": { \"FilterType\": \"True\" } },\n { \"Name\": \"R\", \"Properties\": { \"FilterType\": \"True\" } } ] } ] } ] } ] } }",
        "(2): the subscription 's' has the rule 'R' twice"
    )]
    public void A_mistake_is_named_with_its_line(string text, string expected)
    {
        var exception = Assert.Throws<ConfigurationFileException>(() =>
            ConfigurationFile.Parse("Config.json", Encoding.UTF8.GetBytes(text))
        );

        Assert.Contains(expected, exception.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("a~b")]
    [InlineData("a/b~c")]
    [InlineData("7")]
    [InlineData("A.b-c_d")]
    public void This_is_the_name_of_a_queue_and_of_a_topic(string name)
    {
        Assert.Equal(name, Parse($$"""{ "Queues": [ { "Name": "{{name}}" } ] }""").Queues.Single().Name);
        Assert.Equal(name, Parse($$"""{ "Topics": [ { "Name": "{{name}}" } ] }""").Topics.Single().Name);
    }

    [Theory]
    [InlineData("~a")]
    [InlineData("a~")]
    [InlineData("/a")]
    [InlineData("a b")]
    [InlineData("a?b")]
    [InlineData("a#b")]
    [InlineData("a@b")]
    [InlineData("a*b")]
    [InlineData("ä")]
    [InlineData("{261}")]
    public void This_is_no_name_of_a_queue_or_of_a_topic(string name)
    {
        name = name.Replace("{261}", new string('n', 261), StringComparison.Ordinal);
        foreach (var kind in new[] { "Queues", "Topics" })
        {
            var exception = Assert.Throws<ConfigurationFileException>(() =>
                Parse($$"""{ "{{kind}}": [ { "Name": "{{name}}" } ] }""")
            );
            Assert.Contains(
                $"'{name}' is not an entity name: use letters, digits, '.', '-', '_', '~' and '/', at most 260",
                exception.Message,
                StringComparison.Ordinal
            );
        }
    }

    [Theory]
    [InlineData("s")]
    [InlineData("A.b-c_7")]
    [InlineData("{50}")]
    public void This_is_the_name_of_a_subscription_and_of_a_rule(string name)
    {
        name = name.Replace("{50}", new string('n', 50), StringComparison.Ordinal);

        var subscription = Parse(Subscription(name, name)).Topics.Single().Subscriptions.Single();

        Assert.Equal(name, subscription.Name);
        Assert.Equal(name, subscription.Rules.Single().Rule.Name);
    }

    [Theory]
    [InlineData("my/rule")]
    [InlineData("my~rule")]
    [InlineData("my rule")]
    [InlineData("-rule")]
    [InlineData("rule_")]
    [InlineData("$Other")]
    [InlineData("{51}")]
    public void This_is_no_name_of_a_subscription_or_of_a_rule(string name)
    {
        name = name.Replace("{51}", new string('n', 51), StringComparison.Ordinal);

        Assert.Contains(
            $"'{name}' is not a subscription name: use letters, digits, '.', '-' and '_', at most 50",
            Assert.Throws<ConfigurationFileException>(() => Parse(Subscription(name, "r"))).Message,
            StringComparison.Ordinal
        );
        Assert.Contains(
            $"'{name}' is not a rule name: use letters, digits, '.', '-' and '_', at most 50",
            Assert.Throws<ConfigurationFileException>(() => Parse(Subscription("s", name))).Message,
            StringComparison.Ordinal
        );
    }

    [Fact]
    public void The_rule_that_a_subscription_has_from_the_start_may_be_given() =>
        Assert.Equal(
            "$Default",
            Parse(Subscription("s", "$Default")).Topics.Single().Subscriptions.Single().Rules.Single().Rule.Name
        );

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("102401")]
    [InlineData("1.5")]
    public void A_message_size_that_cannot_be_is_refused(string size)
    {
        foreach (var kind in new[] { "Queues", "Topics" })
        {
            var exception = Assert.Throws<ConfigurationFileException>(() =>
                Parse(
                    $$"""{ "{{kind}}": [ { "Name": "a", "Properties": { "MaxMessageSizeInKilobytes": {{size}} } } ] }"""
                )
            );
            Assert.Contains(
                $"'MaxMessageSizeInKilobytes' must be a whole number from 1 to 102400, not {size}.",
                exception.Message,
                StringComparison.Ordinal
            );
        }
    }

    private static string Subscription(string name, string rule) =>
        $$"""{ "Topics": [ { "Name": "t", "Subscriptions": [ { "Name": "{{name}}", "Rules": [ { "Name": "{{rule}}", "Properties": { "FilterType": "True" } } ] } ] } ] }""";

    private static NamespaceDefinition Parse(string entities) =>
        ConfigurationFile.Parse(
            "Config.json",
            Encoding.UTF8.GetBytes($$"""{ "UserConfig": { "Namespaces": [ {{entities}} ] } }""")
        );
}
