using System.Runtime.Serialization;
using Amqp.Types;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Values of application properties: AMQP's own types, and the three that Service Bus describes.</summary>
internal static class AmqpValues
{
    private const string DateTimeOffsetName = "com.microsoft:datetime-offset";
    private const string TimeSpanName = "com.microsoft:timespan";
    private const string UriName = "com.microsoft:uri";

    /// <exception cref="SerializationException">AMQP has no such type.</exception>
    public static object? ToAmqp(object? value) =>
        value switch
        {
            null
            or string
            or bool
            or byte
            or sbyte
            or short
            or ushort
            or int
            or uint
            or long
            or ulong
            or float
            or double
            or char
            or Guid
            or byte[] => value,
            DateTime time => time.ToUniversalTime(),
            DateTimeOffset time => new DescribedValue((Symbol)DateTimeOffsetName, time.UtcTicks),
            TimeSpan duration => new DescribedValue((Symbol)TimeSpanName, duration.Ticks),
            Uri uri => new DescribedValue((Symbol)UriName, uri.OriginalString),
            Enum number => Convert.ChangeType(
                number,
                Enum.GetUnderlyingType(number.GetType()),
                System.Globalization.CultureInfo.InvariantCulture
            ),
            _ => throw new SerializationException(
                $"A message property cannot be of type {value.GetType()}; AMQP has no such type."
            ),
        };

    public static object FromAmqp(object value) =>
        value switch
        {
            Symbol symbol => symbol.ToString(),
            DescribedValue described => (described.Descriptor?.ToString(), described.Value) switch
            {
                (DateTimeOffsetName, long ticks) => new DateTimeOffset(ticks, TimeSpan.Zero),
                (TimeSpanName, long ticks) => new TimeSpan(ticks),
                (UriName, string uri) => new Uri(uri, UriKind.RelativeOrAbsolute),
                _ => value,
            },
            _ => value,
        };
}
