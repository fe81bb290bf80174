using Microsoft.Extensions.Configuration;

namespace Shop.Messaging.Tests;

/// <summary>The two ways of a message; what is promised holds for both.</summary>
public enum Transport
{
    ServiceBus,
    InProcess,
}

internal sealed record Letter(string? Reason, string? Description, int Deliveries);

/// <summary>Looks at a module's queue from outside, and puts messages there, whichever transport it is on.</summary>
internal static class TransportExtensions
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static void Configure(this Transport transport, IConfigurationManager configuration, string bus)
    {
        configuration[MessagingExtensions.TransportSetting] = transport.ToString();
        configuration["ConnectionStrings:messaging"] = transport == Transport.ServiceBus ? bus : null;
    }

    /// <summary>Delivers a message as another context would have sent it, once for each time it is named.</summary>
    public static async Task DeliverAsync(
        this Module module,
        BusFixture bus,
        string body,
        string type = Ping.Type,
        Guid? id = null,
        int times = 1
    )
    {
        var messageId = id ?? Guid.CreateVersion7();
        if (module.Transport == Transport.ServiceBus)
        {
            var copies = Enumerable.Range(0, times).Select(_ => BusReader.Message(messageId.ToString(), body, type));
            await bus.Client.SendAsync(module.Name.Queue, [.. copies]);
            return;
        }

        var message = new QueuedMessage(
            messageId,
            type,
            body,
            "order-1",
            new TraceHeaders(null, null),
            DateTimeOffset.UtcNow,
            Deliveries: 0
        );
        for (var time = 0; time < times; time++)
        {
            await module.Get<MessageQueue>().PutAsync([message], Cancel);
        }
    }

    public static Task WaitUntilEmptyAsync(this Module module, BusFixture bus) =>
        module.Transport == Transport.ServiceBus
            ? bus.Client.WaitUntilEmptyAsync(module.Name.Queue)
            : Eventually.GetAsync(
                "the queue to be empty",
                () => module.CountAsync("queue_messages"),
                count => count == 0
            );

    public static async Task<Letter> DeadLetterAsync(this Module module, BusFixture bus)
    {
        if (module.Transport == Transport.ServiceBus)
        {
            var letter = await bus.Client.PeekDeadLetterAsync(module.Name.Queue);
            return new Letter(letter.DeadLetterReason, letter.DeadLetterErrorDescription, letter.DeliveryCount);
        }

        await Eventually.GetAsync("a dead letter", () => module.CountAsync("dead_letters"), count => count > 0);
        return await module.QueryAsync(
            "SELECT reason, description, deliveries FROM dead_letters",
            row => new Letter(row.GetString(0), row.GetString(1), row.GetInt32(2))
        );
    }
}
