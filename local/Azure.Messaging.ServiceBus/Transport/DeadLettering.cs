using Amqp.Framing;
using Amqp.Types;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>The outcomes by which a message is abandoned, deferred or dead-lettered.</summary>
internal static class DeadLettering
{
    public const string Condition = "com.microsoft:dead-letter";

    public static Modified Abandoned(IDictionary<string, object>? changes) =>
        new() { MessageAnnotations = Changes(changes) };

    public static Modified Deferred(IDictionary<string, object>? changes) =>
        new() { UndeliverableHere = true, MessageAnnotations = Changes(changes) };

    public static Rejected DeadLettered(IDictionary<string, object>? changes, string? reason, string? description)
    {
        var info = Changes(changes) ?? [];
        if (reason is not null)
        {
            info[(Symbol)MessageProperties.DeadLetterReason] = reason;
        }

        if (description is not null)
        {
            info[(Symbol)MessageProperties.DeadLetterErrorDescription] = description;
        }

        return new Rejected { Error = new Error((Symbol)Condition) { Info = info } };
    }

    private static Fields? Changes(IDictionary<string, object>? changes)
    {
        if (changes is null)
        {
            return null;
        }

        var fields = new Fields();
        foreach (var (name, value) in changes)
        {
            fields[(Symbol)name] = AmqpValues.ToAmqp(value);
        }

        return fields;
    }
}
