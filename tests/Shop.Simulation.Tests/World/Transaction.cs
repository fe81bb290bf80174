using Shop.Inventory.Domain;
using Shop.Messaging;

namespace Shop.Simulation.Tests.World;

/// <summary>A row: an aggregate, and how often it was changed.</summary>
internal sealed class Row(Guid id, object value)
{
    public Guid Id { get; } = id;
    public object Value { get; set; } = value;
    public int Version { get; set; }
}

/// <summary>A row as a transaction has read it, or adds it.</summary>
internal sealed record Loaded(Guid Id, object Copy, Row? Row)
{
    public int Version { get; } = Row?.Version ?? 0;
    public object? Original { get; } = Row?.Value;
}

/// <summary>
/// A transaction that has begun: what it has read and changed, what it sends, which messages it enters into the inbox. Nobody
/// sees any of it before the commit, and a crash forgets it.
/// </summary>
internal sealed class Transaction(string? text)
{
    /// <summary>For the story.</summary>
    public string Text => text ?? string.Join(", ", Deliveries.Select(message => message.Name));

    /// <summary>The messages that it handles; they are settled after the commit.</summary>
    public List<QueuedMessage> Deliveries { get; } = [];

    /// <summary>The inbox entries.</summary>
    public List<(Guid Message, string Handler)> Entered { get; } = [];

    /// <summary>The rows it has read, each once.</summary>
    public List<Loaded> Rows { get; } = [];

    /// <summary>The outbox rows.</summary>
    public List<OutboxMessage> Messages { get; } = [];

    /// <summary>Inventory's stock, if it moves it.</summary>
    public IReadOnlyCollection<StockLevel>? Levels { get; set; }

    /// <summary>Somebody's wish, which is nobody's any more when the transaction fails.</summary>
    public Wish? Wish { get; init; }
}

/// <summary>A message in a queue.</summary>
internal sealed class QueuedMessage(OutboxMessage message, DateTimeOffset visibleAt)
{
    public OutboxMessage Message { get; } = message;

    /// <summary>The order that it is about.</summary>
    public Guid Order { get; } = Guid.Parse(message.CorrelationId);

    /// <summary>When a receiver may get it: at its time, or when the lock of the last delivery ends.</summary>
    public DateTimeOffset VisibleAt { get; set; } = visibleAt;

    /// <summary>How often it was delivered.</summary>
    public int Deliveries { get; set; }

    /// <summary>Whether a receiver has it now.</summary>
    public bool IsHeld { get; set; }

    /// <summary>For the story.</summary>
    public string Name => Message.Type.Split('.')[2];
}
