using System.Buffers.Binary;
using Amqp.Types;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>
/// Values of properties as .NET has them, for those that AMQP has no type of its own for, or that the library leaves encoded.
/// </summary>
/// <remarks>
/// The SDKs describe moments with an offset, time spans and addresses with names of Service Bus' own. Decimals are IEEE 754's,
/// whose significand is a binary integer.
/// </remarks>
internal static class WireValues
{
    private const int DecimalBias = 6176;
    private const int DecimalExponent = 113;
    private const int LargestScale = 28;

    // The .NET SDK writes two bits of the exponent into the wrong place, and reads both forms.
    private const int SdkScale = 4608;

    private static readonly Symbol Moment = "com.microsoft:datetime-offset";
    private static readonly Symbol Span = "com.microsoft:timespan";
    private static readonly Symbol Address = "com.microsoft:uri";

    /// <summary>What has no counterpart in .NET stays as it is.</summary>
    public static object? Read(object? value) =>
        value switch
        {
            Symbol symbol => (string)symbol,
            global::Amqp.Types.Decimal number => Number(number.Bytes) ?? value,
            DescribedValue { Descriptor: Symbol name } described => described.Value switch
            {
                long ticks and >= 0 when name.Equals(Moment) && ticks <= DateTimeOffset.MaxValue.UtcTicks =>
                    new DateTimeOffset(ticks, TimeSpan.Zero),
                long ticks when name.Equals(Span) => new TimeSpan(ticks),
                string text when name.Equals(Address) && Uri.TryCreate(text, UriKind.RelativeOrAbsolute, out var uri) =>
                    uri,
                _ => value,
            },
            _ => value,
        };

    public static object? Write(object? value) =>
        value switch
        {
            decimal number => new global::Amqp.Types.Decimal(Bytes(number)),
            DateTimeOffset moment => new DescribedValue(Moment, moment.UtcTicks),
            TimeSpan span => new DescribedValue(Span, span.Ticks),
            Uri uri => new DescribedValue(Address, uri.OriginalString),
            _ => value,
        };

    /// <summary>Null for infinity, for what is no number, and for what has more digits than a decimal.</summary>
    private static decimal? Number(byte[] bytes)
    {
        var (exponentBits, bias) = bytes.Length switch
        {
            4 => (8, 101),
            8 => (10, 398),
            _ => (14, DecimalBias),
        };
        UInt128 bits = 0;
        foreach (var octet in bytes)
        {
            bits = (bits << 8) | octet;
        }

        // Behind the sign: the exponent and the significand. Two bits that are set say that the significand begins with 100.
        var width = bytes.Length * 8;
        var isNegative = (bits >> (width - 1)) != 0;
        var rest = width - 1 - exponentBits;
        UInt128 first = 0;
        if (((bits >> (width - 3)) & 3) == 3)
        {
            if (((bits >> (width - 5)) & 3) == 3)
            {
                return null;
            }

            rest -= 2;
            first = (UInt128)4 << rest;
        }

        var significand = first | (bits & (((UInt128)1 << rest) - 1));
        var scale = bias - (int)((bits >> rest) & (((UInt128)1 << exponentBits) - 1));
        return Scaled(
            significand,
            scale is >= SdkScale and <= SdkScale + LargestScale ? scale - SdkScale : scale,
            isNegative
        );
    }

    private static decimal? Scaled(UInt128 significand, int scale, bool isNegative)
    {
        if (significand == 0)
        {
            return 0;
        }

        for (; scale > 0 && (scale > LargestScale || significand >> 96 != 0) && significand % 10 == 0; scale--)
        {
            significand /= 10;
        }

        for (; scale < 0 && significand >> 96 == 0; scale++)
        {
            significand *= 10;
        }

        return significand >> 96 == 0 && scale is >= 0 and <= LargestScale
            ? new decimal(
                (int)(uint)(significand & uint.MaxValue),
                (int)(uint)((significand >> 32) & uint.MaxValue),
                (int)(uint)(significand >> 64),
                isNegative,
                (byte)scale
            )
            : null;
    }

    private static byte[] Bytes(decimal number)
    {
        Span<int> parts = stackalloc int[4];
        decimal.GetBits(number, parts);
        var bits =
            ((UInt128)(uint)parts[2] << 64)
            | ((UInt128)(uint)parts[1] << 32)
            | (uint)parts[0]
            | ((UInt128)(DecimalBias - number.Scale) << DecimalExponent);
        if (decimal.IsNegative(number))
        {
            bits |= (UInt128)1 << 127;
        }

        var bytes = new byte[16];
        BinaryPrimitives.WriteUInt128BigEndian(bytes, bits);
        return bytes;
    }
}
