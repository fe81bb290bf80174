using System.Text.Json;
using System.Text.Json.Serialization;

namespace Shop.ServiceDefaults;

/// <summary>
/// A member of a request that is a whole number. JSON does not tell 1 from 1.0 or 1e0 (RFC 8259, 6), so all of them are read;
/// 1.5, text, and what no <see cref="int"/> holds are refused with the rule. Whether it is in the range is for the use case to
/// check, with <see cref="Rule"/>, beside its other rules.
/// </summary>
/// <param name="min">The least number that is allowed.</param>
/// <param name="max">The largest number that is allowed.</param>
[AttributeUsage(AttributeTargets.Property)]
public sealed class WholeNumberAttribute(int min, int max) : JsonConverterAttribute
{
    /// <summary>The least number that is allowed.</summary>
    public int Min => min;

    /// <summary>The largest number that is allowed.</summary>
    public int Max => max;

    /// <summary>What a number must be, as a sentence.</summary>
    public static string Rule(int min, int max) => $"Must be a whole number from {min} to {max}.";

    /// <inheritdoc />
    public override JsonConverter CreateConverter(Type typeToConvert) => new Converter(Rule(min, max));

    private sealed class Converter(string rule) : JsonConverter<int>
    {
        public override int Read(ref Utf8JsonReader reader, Type typeToConvert, JsonSerializerOptions options) =>
            reader.TokenType == JsonTokenType.Number
            && reader.TryGetDecimal(out var number)
            && decimal.IsInteger(number)
            && number is >= int.MinValue and <= int.MaxValue
                ? (int)number
                : throw new BrokenRuleException(rule);

        public override void Write(Utf8JsonWriter writer, int value, JsonSerializerOptions options) =>
            writer.WriteNumberValue(value);
    }
}

/// <summary>A value in a body breaks a rule; the message is the rule, for the caller.</summary>
/// <param name="rule">A sentence.</param>
public sealed class BrokenRuleException(string rule) : JsonException(rule);
