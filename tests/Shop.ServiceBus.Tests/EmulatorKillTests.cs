using Amqp;
using Amqp.Framing;
using Amqp.Types;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

/// <summary>What else than messages was acknowledged is there after <c>kill -9</c>.</summary>
public sealed class EmulatorKillTests : SdkTest
{
    [Fact]
    public async Task A_sessions_state_is_there_and_the_session_is_free_with_its_messages_in_order()
    {
        await using var emulator = await EmulatorProcess.StartAsync(EmulatorFixture.Configuration, Cancelled);
        await using (var client = new ServiceBusClient(emulator.ConnectionString))
        {
            var sender = client.CreateSender("sessions-1");
            foreach (var body in (string[])["1", "2", "3"])
            {
                await sender.SendMessageAsync(new(body) { SessionId = "s" }, Cancelled);
            }

            var receiver = await client.AcceptSessionAsync("sessions-1", "s", cancellationToken: Cancelled);
            await receiver.CompleteMessageAsync(await ReceiveAsync(receiver), Cancelled);
            await receiver.SetSessionStateAsync(BinaryData.FromString("one is done"), Cancelled);
            await emulator.KillAsync(Cancelled);
        }

        await emulator.StartAsync(Cancelled);

        await using var again = new ServiceBusClient(emulator.ConnectionString);
        var next = await again.AcceptNextSessionAsync("sessions-1", cancellationToken: Cancelled);
        Assert.Equal("one is done", (await next.GetSessionStateAsync(Cancelled))?.ToString());
        Assert.Equal("2", (await ReceiveAsync(next)).Body.ToString());
        Assert.Equal("3", (await ReceiveAsync(next)).Body.ToString());
    }

    [Fact]
    public async Task Rules_are_as_they_were_changed_to()
    {
        await using var emulator = await EmulatorProcess.StartAsync(EmulatorFixture.Configuration, Cancelled);
        var filter = new Map { ["expression"] = "amount > 10" };
        await ChangeRuleAsync(
            emulator,
            "add-rule",
            new Map
            {
                ["rule-name"] = "big",
                ["rule-description"] = new Map { ["sql-filter"] = filter },
            }
        );
        await ChangeRuleAsync(emulator, "remove-rule", new Map { ["rule-name"] = "$Default" });

        await emulator.KillAsync(Cancelled);
        await emulator.StartAsync(Cancelled);

        await using var client = new ServiceBusClient(emulator.ConnectionString);
        await using var sender = client.CreateSender("ruled");
        foreach (var amount in (int[])[10, 11])
        {
            await sender.SendMessageAsync(
                new($"{amount}") { ApplicationProperties = { ["amount"] = amount } },
                Cancelled
            );
        }

        await using var receiver = client.CreateReceiver("ruled", "new");
        Assert.Equal(["11"], (await receiver.PeekMessagesAsync(10, 0, Cancelled)).Select(m => m.Body.ToString()));
    }

    private static async Task ChangeRuleAsync(EmulatorProcess emulator, string operation, Map body)
    {
        const string node = "ruled/Subscriptions/new/$management";
        var connection = await emulator.ConnectAsync();
        var session = new Session(connection);
        var answers = new ReceiverLink(
            session,
            "answers",
            new Attach
            {
                Source = new Source { Address = node },
                Target = new Target { Address = "here" },
            },
            null
        );
        var request = new Message(body)
        {
            Properties = new Properties { MessageId = "1", ReplyTo = "here" },
            ApplicationProperties = new ApplicationProperties { ["operation"] = $"com.microsoft:{operation}" },
        };
        await new SenderLink(session, "requests", node).SendAsync(request, Limit);
        var answer = await answers.ReceiveAsync(Limit);
        Assert.Equal(200, answer.ApplicationProperties["statusCode"]);
        await connection.CloseAsync();
    }
}
