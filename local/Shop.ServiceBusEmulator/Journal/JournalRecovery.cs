using System.Buffers.Binary;
using System.Diagnostics;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>What recovery found.</summary>
internal sealed record RecoveryReport(int Messages, long Records, long Bytes, long TornBytes, TimeSpan Elapsed);

/// <summary>Replays a journal file into the stores, up to the first record that is not whole.</summary>
internal sealed class JournalRecovery(Topology topology, IMessageReader messages)
{
    private readonly Dictionary<int, MessageQueue> stores = [];
    private byte[] payload = new byte[64 * 1024];

    /// <summary>The numbers under which the file knows its stores.</summary>
    public IReadOnlyDictionary<int, MessageQueue> Stores => stores;

    public RecoveryReport Replay(string path)
    {
        var clock = Stopwatch.StartNew();
        using var file = new FileStream(
            path,
            FileMode.Open,
            FileAccess.Read,
            FileShare.ReadWrite | FileShare.Delete,
            bufferSize: 1024 * 1024,
            FileOptions.SequentialScan
        );
        var magic = new byte[RecordFormat.Magic.Length];
        if (
            file.ReadAtLeast(magic, magic.Length, throwOnEndOfStream: false) < magic.Length
            || !magic.AsSpan().SequenceEqual(RecordFormat.Magic)
        )
        {
            throw new InvalidDataException(
                $"{path} is not a journal of this emulator; give another --data folder, or remove the file."
            );
        }

        long good = magic.Length;
        long records = 0;
        while (TryReadRecord(file, out var length))
        {
            Replay(payload.AsSpan(0, length));
            good += RecordFormat.HeaderSize + length;
            records++;
        }

        return new RecoveryReport(
            topology.Stores.Sum(store => store.Count().Total),
            records,
            good,
            file.Length - good,
            clock.Elapsed
        );
    }

    private bool TryReadRecord(FileStream file, out int length)
    {
        Span<byte> header = stackalloc byte[RecordFormat.HeaderSize];
        length = 0;
        if (file.ReadAtLeast(header, header.Length, throwOnEndOfStream: false) < header.Length)
        {
            return false;
        }

        length = BinaryPrimitives.ReadInt32LittleEndian(header);
        var crc = BinaryPrimitives.ReadUInt32LittleEndian(header[4..]);
        if (length is <= 0 or > RecordFormat.MaxPayload || length > file.Length - file.Position)
        {
            return false;
        }

        if (payload.Length < length)
        {
            payload = new byte[length];
        }

        file.ReadExactly(payload, 0, length);
        return Crc32C.Of(payload.AsSpan(0, length)) == crc;
    }

    private void Replay(ReadOnlySpan<byte> record)
    {
        var reader = new RecordReader(record);
        while (!reader.AtEnd)
        {
            var operation = (RecordFormat.Operation)reader.Byte();
            var id = reader.Int32();
            if (operation == RecordFormat.Operation.Define)
            {
                var lastSequence = reader.Int64();
                var defined = topology.StoreNamed(reader.String() ?? "");
                defined.LastSequence = Math.Max(defined.LastSequence, lastSequence);
                stores[id] = defined;
                continue;
            }

            if (operation == RecordFormat.Operation.Entity)
            {
                var (entity, definition) = RecordFormat.ReadEntity(ref reader);
                if (definition is null)
                {
                    topology.Remove(entity);
                }
                else
                {
                    topology.Put(definition);
                }

                continue;
            }

            var store = stores[id];
            switch (operation)
            {
                case RecordFormat.Operation.Enqueue:
                    store.Restore(RecordFormat.ReadMessage(ref reader, messages));
                    break;
                case RecordFormat.Operation.Remove:
                    store.RestoreRemoval(reader.Int64());
                    break;
                case RecordFormat.Operation.Update:
                    store.RestoreUpdate(
                        reader.Int64(),
                        (MessageState)reader.Byte(),
                        reader.Int32(),
                        PropertyCodec.Read(ref reader)
                    );
                    break;
                case RecordFormat.Operation.Rule:
                    var (name, rule) = RecordFormat.ReadRule(ref reader);
                    store.Rules.Restore(name, rule);
                    break;
                case RecordFormat.Operation.Seen:
                    store.RestoreSeen(RecordFormat.ReadSeen(ref reader));
                    break;
                case RecordFormat.Operation.SessionState:
                    var session = RecordFormat.ReadSessionState(ref reader, store);
                    store.RestoreSessionState(session.SessionId, session.State, session.UpdatedAt);
                    break;
                default:
                    throw new InvalidDataException($"A journal record has the unknown operation {operation}.");
            }
        }
    }
}
