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
}
