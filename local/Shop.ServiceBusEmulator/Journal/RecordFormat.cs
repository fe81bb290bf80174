using System.Buffers.Binary;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>
/// How changes are written: a record is its length, the CRC-32C of its payload, and the payload, which is one or more
/// operations that count together or not at all.
/// </summary>
internal static class RecordFormat
{
    public const int HeaderSize = 8;

    /// <summary>Nothing this large is ever written; a length above it is a torn record.</summary>
    public const int MaxPayload = 512 * 1024 * 1024;

    /// <summary>The first bytes of a journal file, with the version of the format.</summary>
    public static ReadOnlySpan<byte> Magic => "SHOPSBJ1"u8;

    public enum Operation : byte
    {
        Define = 1,
        Enqueue = 2,
        Remove = 3,
        Update = 4,
        SessionState = 5,
        Seen = 6,
        Rule = 7,
        Entity = 8,
    }

    /// <summary>Leaves room for the header; returns where the record starts.</summary>
    public static int Begin(RecordBuffer buffer)
    {
        var start = buffer.Length;
        buffer.Reserve(HeaderSize);
        return start;
    }

    /// <summary>Completes a record. One without an operation is left out: recovery would take it for a torn one.</summary>
    public static void End(RecordBuffer buffer, int start)
    {
        var record = buffer.From(start);
        var payload = record[HeaderSize..];
        if (payload.IsEmpty)
        {
            buffer.CutTo(start);
            return;
        }

        BinaryPrimitives.WriteInt32LittleEndian(record, payload.Length);
        BinaryPrimitives.WriteUInt32LittleEndian(record[4..], Crc32C.Of(payload));
    }

    public static void Define(RecordBuffer buffer, int store, MessageQueue queue)
    {
        buffer.Write((byte)Operation.Define);
        buffer.Write(store);
        buffer.Write(queue.LastSequence);
        buffer.Write(queue.Name);
    }

    public static void Enqueue(RecordBuffer buffer, int store, StoredMessage message)
    {
        buffer.Write((byte)Operation.Enqueue);
        buffer.Write(store);
        buffer.Write(message.SequenceNumber);
        buffer.Write(message.EnqueuedAt.UtcTicks);
        buffer.Write(message.ExpiresAt.UtcTicks);
        buffer.Write(message.ScheduledFor.UtcTicks);
        buffer.Write((byte)message.State);
        buffer.Write(message.DeliveryCount + (message.IsLocked ? 1 : 0));
        buffer.Write(message.DeadLetterSource);
        PropertyCodec.Write(buffer, message.ChangedProperties);
        buffer.Write(message.Content.Encoded.Span);
    }

    public static void Remove(RecordBuffer buffer, int store, long sequence)
    {
        buffer.Write((byte)Operation.Remove);
        buffer.Write(store);
        buffer.Write(sequence);
    }

    public static void Update(RecordBuffer buffer, int store, UpdateOperation update)
    {
        buffer.Write((byte)Operation.Update);
        buffer.Write(store);
        buffer.Write(update.Message.SequenceNumber);
        buffer.Write((byte)update.State);
        buffer.Write(update.DeliveryCount);
        PropertyCodec.Write(buffer, update.ChangedProperties);
    }

    public static void SessionState(RecordBuffer buffer, int store, SessionStateOperation session)
    {
        buffer.Write((byte)Operation.SessionState);
        buffer.Write(store);
        buffer.Write(session.SessionId);
        buffer.Write(session.UpdatedAt.UtcTicks);
        buffer.Write((byte)(session.State is null ? 0 : 1));
        buffer.Write(session.State.AsSpan());
    }

    public static void Seen(RecordBuffer buffer, int store, SeenMessage seen)
    {
        buffer.Write((byte)Operation.Seen);
        buffer.Write(store);
        buffer.Write(seen.At.UtcTicks);
        buffer.Write(seen.Id);
    }

    public static SeenMessage ReadSeen(ref RecordReader reader)
    {
        var at = Moment(reader.Int64());
        return new(reader.String() ?? "", at) { IsDurable = true };
    }

    public static void Rule(RecordBuffer buffer, int store, string name, Rule? rule)
    {
        buffer.Write((byte)Operation.Rule);
        buffer.Write(store);
        buffer.Write(name);
        PropertyCodec.Write(buffer, rule is null ? MessageProperties.NoProperties : RuleCodec.Write(rule));
    }

    public static (string Name, Rule? Rule) ReadRule(ref RecordReader reader)
    {
        var name = reader.String() ?? "";
        var values = PropertyCodec.Read(ref reader);
        return (name, values.Count == 0 ? null : RuleCodec.Read(name, values));
    }

    public static void Entity(RecordBuffer buffer, int store, string name, EntityDefinition? definition)
    {
        buffer.Write((byte)Operation.Entity);
        buffer.Write(store);
        buffer.Write(name);
        PropertyCodec.Write(
            buffer,
            definition is null ? MessageProperties.NoProperties : EntityCodec.Write(definition)
        );
    }

    public static (string Name, EntityDefinition? Definition) ReadEntity(ref RecordReader reader)
    {
        var name = reader.String() ?? "";
        var values = PropertyCodec.Read(ref reader);
        return (name, values.Count == 0 ? null : EntityCodec.Read(name, values));
    }

    public static SessionStateOperation ReadSessionState(ref RecordReader reader, MessageQueue store)
    {
        var id = reader.String() ?? "";
        var updatedAt = Moment(reader.Int64());
        var hasState = reader.Byte() != 0;
        var state = reader.Bytes().ToArray();
        return new(store, id, hasState ? state : null, updatedAt);
    }

    public static StoredMessage ReadMessage(ref RecordReader reader, IMessageReader messages)
    {
        var sequence = reader.Int64();
        var enqueuedAt = Moment(reader.Int64());
        var expiresAt = Moment(reader.Int64());
        var scheduledFor = Moment(reader.Int64());
        var state = (MessageState)reader.Byte();
        var deliveryCount = reader.Int32();
        var source = reader.String();
        var changed = PropertyCodec.Read(ref reader);
        return new StoredMessage
        {
            SequenceNumber = sequence,
            EnqueuedAt = enqueuedAt,
            ExpiresAt = expiresAt,
            ScheduledFor = scheduledFor,
            State = state,
            DeliveryCount = deliveryCount,
            DeadLetterSource = source,
            ChangedProperties = changed,
            Content = new MessageContent(reader.Bytes().ToArray(), messages),
        };
    }

    private static DateTimeOffset Moment(long ticks) => new(ticks, TimeSpan.Zero);
}
