using Azure.Messaging.ServiceBus;
using Azure.Messaging.ServiceBus.Administration;

namespace Shop.ServiceBus.Tests.Conformance;

/// <summary>Names of entities and rules, as clients use them.</summary>
public sealed class DotNetNameTests : SdkTest
{
    private static readonly string Longest = new('n', 50);

    private static readonly string Configuration = $$"""
        {
          "UserConfig": {
            "Namespaces": [
              {
                "Queues": [
                  { "Name": "orders~fault" },
                  { "Name": "a/b.c-d_e~f" },
                  { "Name": "{{new string('q', 260)}}" },
                  { "Name": "7" }
                ],
                "Topics": [
                  {
                    "Name": "Shop.Contracts~OrderCreated",
                    "Subscriptions": [ { "Name": "mail.send-it_now" }, { "Name": "{{Longest}}" } ]
                  }
                ]
              }
            ]
          }
        }
        """;

    [Fact]
    public async Task A_message_goes_through_entities_with_every_character_that_a_name_may_have()
    {
        await using var emulator = await EmulatorProcess.StartAsync(Configuration, Cancelled);
        await using var client = new ServiceBusClient(emulator.ConnectionString);
        foreach (var queue in new[] { "orders~fault", "a/b.c-d_e~f", new string('q', 260), "7" })
        {
            await SendAsync(client, queue, new ServiceBusMessage(queue));
            await using var receiver = client.CreateReceiver(queue);
            var message = await ReceiveAsync(receiver);
            Assert.Equal(queue, message.Body.ToString());
            await receiver.DeadLetterMessageAsync(message, cancellationToken: Cancelled);
            await using var deadLetters = client.CreateReceiver(queue, DeadLetters);
            Assert.Equal(queue, (await ReceiveAsync(deadLetters)).DeadLetterSource, ignoreCase: true);
        }

        await SendAsync(client, "Shop.Contracts~OrderCreated", new ServiceBusMessage("created"));
        foreach (var subscription in new[] { "mail.send-it_now", Longest })
        {
            await using var receiver = client.CreateReceiver("Shop.Contracts~OrderCreated", subscription);
            Assert.Equal("created", (await ReceiveAsync(receiver)).Body.ToString());
        }
    }

    [Theory]
    [InlineData("my rule")]
    [InlineData("tilde~rule")]
    [InlineData("-rule")]
    [InlineData("rule.")]
    [InlineData("$Other")]
    public async Task A_rule_name_that_the_configuration_may_not_have_is_refused_at_run_time_too(string name)
    {
        await using var emulator = await EmulatorProcess.StartAsync(Configuration, Cancelled);
        await using var client = new ServiceBusClient(emulator.ConnectionString);
        await using var rules = client.CreateRuleManager("Shop.Contracts~OrderCreated", "mail.send-it_now");

        var exception = await Assert.ThrowsAnyAsync<Exception>(() =>
            rules.CreateRuleAsync(name, new TrueRuleFilter(), Cancelled)
        );

        Assert.Contains($"'{name}' is not a rule name: use letters, digits", exception.Message);
        await rules.CreateRuleAsync("a.b-c_d", new TrueRuleFilter(), Cancelled);
        await rules.CreateRuleAsync(Longest, new TrueRuleFilter(), Cancelled);
        await rules.DeleteRuleAsync("$Default", Cancelled);
        await rules.CreateRuleAsync("$Default", new TrueRuleFilter(), Cancelled);
    }
}
