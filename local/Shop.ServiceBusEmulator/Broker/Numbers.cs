using System.Globalization;

namespace Shop.ServiceBusEmulator.Broker;

/// <summary>
/// Compares and computes numbers of all types by value: whole numbers as whole numbers, with a real as reals, with a decimal as
/// decimals. Null is SQL's unknown: no number holds the result.
/// </summary>
internal static class Numbers
{
    // What a decimal holds of a real without losing all its digits.
    private const double LargestDecimal = 7.9e28;
    private const double SmallestDecimal = 1e-28;

    private enum Kind
    {
        None,
        Int64,
        UInt64,
        Real,
        Decimal,
    }

    public static int? Compare(object? left, object? right)
    {
        switch (Common(left, right))
        {
            case Kind.Int64:
                return ToInt64(left).CompareTo(ToInt64(right));
            case Kind.UInt64:
                return ToInt128(left).CompareTo(ToInt128(right));
            case Kind.Decimal when ToDecimal(left) is { } one && ToDecimal(right) is { } other:
                return one.CompareTo(other);
            case Kind.Real or Kind.Decimal:
                var (first, second) = (ToDouble(left), ToDouble(right));
                return double.IsNaN(first) || double.IsNaN(second) ? null : first.CompareTo(second);
            default:
                return null;
        }
    }

    public static object? Compute(char operation, object? left, object? right)
    {
        try
        {
            return Common(left, right) switch
            {
                Kind.Int64 => Whole(operation, ToInt64(left), ToInt64(right)),
                Kind.UInt64 => Large(operation, ToInt128(left), ToInt128(right)) is var number && number > long.MaxValue
                    ? (object)checked((ulong)number)
                    : checked((long)number),
                Kind.Decimal when ToDecimal(left) is { } one && ToDecimal(right) is { } other => Exact(
                    operation,
                    one,
                    other
                ),
                Kind.Real or Kind.Decimal => Real(operation, ToDouble(left), ToDouble(right)),
                _ => null,
            };
        }
        catch (ArithmeticException)
        {
            return null;
        }
    }

    private static Kind Common(object? left, object? right)
    {
        var (one, other) = (KindOf(left), KindOf(right));
        return one == Kind.None || other == Kind.None ? Kind.None
            : one > other ? one
            : other;
    }

    private static Kind KindOf(object? value) =>
        value switch
        {
            int or long or short or byte or sbyte or ushort or uint => Kind.Int64,
            double or float => Kind.Real,
            decimal => Kind.Decimal,
            ulong => Kind.UInt64,
            _ => Kind.None,
        };

    private static long Whole(char operation, long left, long right) =>
        checked(
            operation switch
            {
                '+' => left + right,
                '-' => left - right,
                '*' => left * right,
                '/' => left / right,
                _ => left % right,
            }
        );

    private static Int128 Large(char operation, Int128 left, Int128 right) =>
        checked(
            operation switch
            {
                '+' => left + right,
                '-' => left - right,
                '*' => left * right,
                '/' => left / right,
                _ => left % right,
            }
        );

    private static decimal Exact(char operation, decimal left, decimal right) =>
        operation switch
        {
            '+' => left + right,
            '-' => left - right,
            '*' => left * right,
            '/' => left / right,
            _ => left % right,
        };

    private static double? Real(char operation, double left, double right)
    {
        var result = operation switch
        {
            '+' => left + right,
            '-' => left - right,
            '*' => left * right,
            '/' => left / right,
            _ => left % right,
        };
        return double.IsFinite(result) ? result : null;
    }

    private static long ToInt64(object? value) => Convert.ToInt64(value, CultureInfo.InvariantCulture);

    private static Int128 ToInt128(object? value) => value is ulong large ? large : ToInt64(value);

    private static double ToDouble(object? value) => Convert.ToDouble(value, CultureInfo.InvariantCulture);

    /// <summary>A real becomes the decimal with its shortest digits: what was written as 0.1 is 0.1.</summary>
    private static decimal? ToDecimal(object? value)
    {
        if (value is not (double or float))
        {
            return Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        }

        var real = ToDouble(value);
        if (real != 0 && Math.Abs(real) is not (< LargestDecimal and > SmallestDecimal))
        {
            return null;
        }

        // The conversion keeps 15 digits of a double and 7 of a float, which is enough for nearly all.
        var number = Convert.ToDecimal(value, CultureInfo.InvariantCulture);
        var isSame = value is float single ? (float)number == single : (double)number == real;
        return isSame
            ? number
            : decimal.Parse(
                ((IFormattable)value).ToString("R", CultureInfo.InvariantCulture),
                NumberStyles.Float,
                CultureInfo.InvariantCulture
            );
    }
}
