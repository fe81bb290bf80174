using System.Text.Json.Serialization;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Admin;

/// <summary>A queue, topic or subscription and how many messages are in which state.</summary>
internal sealed record EntityCounts(
    string Name,
    int Total,
    int Active,
    int Locked,
    int Deferred,
    int Scheduled,
    int DeadLettered
);

/// <summary>A dead letter without its content, which is nobody's business here.</summary>
internal sealed record DeadLetter(
    string Entity,
    long SequenceNumber,
    string? MessageId,
    string? SessionId,
    string? Subject,
    string? Reason,
    string? Description,
    DateTimeOffset EnqueuedAt,
    int DeliveryCount
);

[JsonSerializable(typeof(IReadOnlyList<EntityCounts>))]
[JsonSerializable(typeof(IReadOnlyList<DeadLetter>))]
[JsonSourceGenerationOptions(PropertyNamingPolicy = JsonKnownNamingPolicy.CamelCase, WriteIndented = true)]
internal sealed partial class AdminJson : JsonSerializerContext;

/// <summary>What the admin server tells of the entities.</summary>
internal static class EntityReport
{
    private const int MostDeadLettersOfOne = 100;

    public static IReadOnlyList<EntityCounts> Counts(Topology topology) =>
        [
            .. InOrder(topology)
                .Select(entity =>
                {
                    var counts = entity.Store.Count();
                    return new EntityCounts(
                        entity.Name,
                        counts.Total,
                        counts.Active,
                        counts.Locked,
                        counts.Deferred,
                        counts.Scheduled,
                        topology.DeadLettersOf(entity)?.Store.Count().Total ?? 0
                    );
                }),
        ];

    /// <summary>The first dead letters of each entity.</summary>
    public static IReadOnlyList<DeadLetter> DeadLetters(Topology topology) =>
        [
            .. InOrder(topology)
                .SelectMany(entity =>
                    (topology.DeadLettersOf(entity)?.Store.Peek(0, MostDeadLettersOfOne) ?? []).Select(delivery =>
                        Of(entity, delivery.Message)
                    )
                ),
        ];

    private static DeadLetter Of(Entity entity, StoredMessage message) =>
        new(
            entity.Name,
            message.SequenceNumber,
            message.Content.Properties.MessageId,
            message.Content.Properties.SessionId,
            message.Content.Properties.Subject,
            message.ChangedProperties.GetValueOrDefault(MessageQueue.DeadLetterReasonProperty) as string,
            message.ChangedProperties.GetValueOrDefault(MessageQueue.DeadLetterDescriptionProperty) as string,
            message.EnqueuedAt,
            message.DeliveryCount
        );

    private static IEnumerable<Entity> InOrder(Topology topology) =>
        topology.Entities.OrderBy(entity => entity.Name, StringComparer.OrdinalIgnoreCase);
}
