using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>An entity's definition as named values, in which form the journal keeps it.</summary>
internal static class EntityCodec
{
    // What the kept settings are called, so that none is taken for one that means something here.
    private const string Kept = "kept:";

    public static IReadOnlyDictionary<string, object?> Write(EntityDefinition definition)
    {
        var settings = definition.Settings;
        Dictionary<string, object?> values = new()
        {
            [nameof(definition.Kind)] = (byte)definition.Kind,
            [nameof(definition.Status)] = (byte)definition.Status,
            [nameof(definition.CreatedAt)] = definition.CreatedAt.UtcTicks,
            [nameof(definition.UpdatedAt)] = definition.UpdatedAt.UtcTicks,
            [nameof(definition.ForwardTo)] = definition.ForwardTo,
            [nameof(definition.ForwardDeadLetteredMessagesTo)] = definition.ForwardDeadLetteredMessagesTo,
            [nameof(settings.LockDuration)] = settings.LockDuration.Ticks,
            [nameof(settings.MaxDeliveryCount)] = settings.MaxDeliveryCount,
            [nameof(settings.MaxMessageSize)] = settings.MaxMessageSize,
            [nameof(settings.DefaultTimeToLive)] = settings.DefaultTimeToLive.Ticks,
            [nameof(settings.DeadLetterOnExpiration)] = settings.DeadLetterOnExpiration,
            [nameof(settings.RequiresSession)] = settings.RequiresSession,
            [nameof(settings.DuplicateWindow)] = settings.DuplicateWindow?.Ticks,
        };
        foreach (var (name, value) in definition.Kept)
        {
            values[Kept + name] = value;
        }

        return values;
    }

    public static EntityDefinition Read(string name, IReadOnlyDictionary<string, object?> values) =>
        new(
            (EntityKind)(byte)values[nameof(EntityDefinition.Kind)]!,
            name,
            new QueueSettings
            {
                LockDuration = new TimeSpan((long)values[nameof(QueueSettings.LockDuration)]!),
                MaxDeliveryCount = (int)values[nameof(QueueSettings.MaxDeliveryCount)]!,
                MaxMessageSize = (int)values[nameof(QueueSettings.MaxMessageSize)]!,
                DefaultTimeToLive = new TimeSpan((long)values[nameof(QueueSettings.DefaultTimeToLive)]!),
                DeadLetterOnExpiration = (bool)values[nameof(QueueSettings.DeadLetterOnExpiration)]!,
                RequiresSession = (bool)values[nameof(QueueSettings.RequiresSession)]!,
                DuplicateWindow = values[nameof(QueueSettings.DuplicateWindow)] is long ticks
                    ? new TimeSpan(ticks)
                    : null,
            }
        )
        {
            Status = (EntityStatus)(byte)values[nameof(EntityDefinition.Status)]!,
            CreatedAt = new DateTimeOffset((long)values[nameof(EntityDefinition.CreatedAt)]!, TimeSpan.Zero),
            UpdatedAt = new DateTimeOffset((long)values[nameof(EntityDefinition.UpdatedAt)]!, TimeSpan.Zero),
            ForwardTo = values[nameof(EntityDefinition.ForwardTo)] as string,
            ForwardDeadLetteredMessagesTo = values[nameof(EntityDefinition.ForwardDeadLetteredMessagesTo)] as string,
            Kept = values
                .Where(value => value.Key.StartsWith(Kept, StringComparison.Ordinal))
                .ToDictionary(value => value.Key[Kept.Length..], value => (string)value.Value!),
        };
}
