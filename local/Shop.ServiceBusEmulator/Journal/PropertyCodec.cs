using System.Globalization;

namespace Shop.ServiceBusEmulator.Journal;

/// <summary>Application properties as bytes: a type, then the value.</summary>
internal static class PropertyCodec
{
    private enum Kind : byte
    {
        Null,
        Text,
        Boolean,
        Int64,
        Int32,
        Int16,
        SByte,
        UInt64,
        UInt32,
        UInt16,
        Byte,
        Double,
        Single,
        Decimal,
        Char,
        Timestamp,
        Guid,
        Binary,
        Moment,
        Span,
        Address,
    }

    public static void Write(RecordBuffer buffer, IReadOnlyDictionary<string, object?> properties)
    {
        buffer.Write(properties.Count);
        foreach (var (name, value) in properties)
        {
            buffer.Write(name);
            WriteValue(buffer, value);
        }
    }

    public static IReadOnlyDictionary<string, object?> Read(ref RecordReader reader)
    {
        var count = reader.Int32();
        if (count == 0)
        {
            return Broker.MessageProperties.NoProperties;
        }

        var properties = new Dictionary<string, object?>();
        for (var i = 0; i < count; i++)
        {
            var name = reader.String() ?? "";
            properties[name] = ReadValue(ref reader);
        }

        return properties;
    }

    private static void WriteValue(RecordBuffer buffer, object? value)
    {
        switch (value)
        {
            case null:
                buffer.Write((byte)Kind.Null);
                break;
            case bool flag:
                Number(buffer, Kind.Boolean, flag ? 1 : 0);
                break;
            case long number:
                Number(buffer, Kind.Int64, number);
                break;
            case int number:
                Number(buffer, Kind.Int32, number);
                break;
            case short number:
                Number(buffer, Kind.Int16, number);
                break;
            case sbyte number:
                Number(buffer, Kind.SByte, number);
                break;
            case ulong number:
                Number(buffer, Kind.UInt64, unchecked((long)number));
                break;
            case uint number:
                Number(buffer, Kind.UInt32, number);
                break;
            case ushort number:
                Number(buffer, Kind.UInt16, number);
                break;
            case byte number:
                Number(buffer, Kind.Byte, number);
                break;
            case char character:
                Number(buffer, Kind.Char, character);
                break;
            case double number:
                Number(buffer, Kind.Double, BitConverter.DoubleToInt64Bits(number));
                break;
            case float number:
                Number(buffer, Kind.Single, BitConverter.SingleToInt32Bits(number));
                break;
            case DateTime moment:
                Number(buffer, Kind.Timestamp, moment.ToUniversalTime().Ticks);
                break;
            case DateTimeOffset moment:
                Number(buffer, Kind.Moment, moment.UtcTicks);
                break;
            case TimeSpan span:
                Number(buffer, Kind.Span, span.Ticks);
                break;
            case Uri address:
                buffer.Write((byte)Kind.Address);
                buffer.Write(address.OriginalString);
                break;
            case Guid guid:
                buffer.Write((byte)Kind.Guid);
                buffer.Write(guid.ToByteArray());
                break;
            case byte[] binary:
                buffer.Write((byte)Kind.Binary);
                buffer.Write(binary);
                break;
            case decimal number:
                buffer.Write((byte)Kind.Decimal);
                buffer.Write(number.ToString(CultureInfo.InvariantCulture));
                break;
            default:
                buffer.Write((byte)Kind.Text);
                buffer.Write(Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }

    private static void Number(RecordBuffer buffer, Kind kind, long value)
    {
        buffer.Write((byte)kind);
        buffer.Write(value);
    }

    private static object? ReadValue(ref RecordReader reader) =>
        (Kind)reader.Byte() switch
        {
            Kind.Null => null,
            Kind.Text => reader.String(),
            Kind.Boolean => reader.Int64() != 0,
            Kind.Int64 => reader.Int64(),
            Kind.Int32 => (int)reader.Int64(),
            Kind.Int16 => (short)reader.Int64(),
            Kind.SByte => (sbyte)reader.Int64(),
            Kind.UInt64 => unchecked((ulong)reader.Int64()),
            Kind.UInt32 => (uint)reader.Int64(),
            Kind.UInt16 => (ushort)reader.Int64(),
            Kind.Byte => (byte)reader.Int64(),
            Kind.Char => (char)reader.Int64(),
            Kind.Double => BitConverter.Int64BitsToDouble(reader.Int64()),
            Kind.Single => BitConverter.Int32BitsToSingle((int)reader.Int64()),
            Kind.Timestamp => new DateTime(reader.Int64(), DateTimeKind.Utc),
            Kind.Moment => new DateTimeOffset(reader.Int64(), TimeSpan.Zero),
            Kind.Span => new TimeSpan(reader.Int64()),
            Kind.Address => new Uri(reader.String() ?? "", UriKind.RelativeOrAbsolute),
            Kind.Guid => new Guid(reader.Bytes()),
            Kind.Binary => reader.Bytes().ToArray(),
            Kind.Decimal => decimal.Parse(reader.String() ?? "0", CultureInfo.InvariantCulture),
            var kind => throw new InvalidDataException($"A journal record has a value of unknown kind {kind}."),
        };
}
