using System.Buffers;
using System.Diagnostics.CodeAnalysis;
using System.Globalization;
using System.Text.Json;

namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// A log entry as one flat JSON object on a line of its own, so that a log store finds each value by its name. The first to use
/// a name keeps it, so nothing that is logged can pose as the level or the service.
/// </summary>
[SuppressMessage("Design", "CA1001", Justification = "The writer has nothing to give back; a thread keeps it.")]
internal sealed class JsonLogLine
{
    private readonly ArrayBufferWriter<byte> _buffer = new(1024);
    private readonly Utf8JsonWriter _json;
    private readonly List<string> _names = new(16);

    public JsonLogLine() => _json = new Utf8JsonWriter(_buffer);

    /// <summary>Begins a new one in the same memory.</summary>
    public void Begin()
    {
        _buffer.ResetWrittenCount();
        _json.Reset();
        _names.Clear();
        _json.WriteStartObject();
    }

    /// <summary>Adds what an entry or a scope says by name, if it does.</summary>
    public void AddAll(object? state)
    {
        switch (state)
        {
            // What the framework and generated loggers log; going through it by index costs no enumerator.
            case IReadOnlyList<KeyValuePair<string, object?>> pairs:
                for (var i = 0; i < pairs.Count; i++)
                {
                    Add(pairs[i]);
                }

                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                foreach (var pair in pairs)
                {
                    Add(pair);
                }

                break;
        }
    }

    public void Add(string name, object? value)
    {
        foreach (var taken in _names)
        {
            if (taken.Equals(name, StringComparison.OrdinalIgnoreCase))
            {
                return;
            }
        }

        _names.Add(name);
        Write(name, value);
    }

    /// <summary>The whole line in UTF-8, until the next one begins.</summary>
    public ReadOnlySpan<byte> End()
    {
        _json.WriteEndObject();
        _json.Flush();
        _buffer.Write("\n"u8);
        return _buffer.WrittenSpan;
    }

    private void Add(KeyValuePair<string, object?> pair)
    {
        if (pair.Key != "{OriginalFormat}")
        {
            Add(JsonNamingPolicy.CamelCase.ConvertName(pair.Key), pair.Value);
        }
    }

    private void Write(string name, object? value)
    {
        switch (value)
        {
            case null:
                _json.WriteNull(name);
                break;
            case bool flag:
                _json.WriteBoolean(name, flag);
                break;
            case int or long or short or byte:
                _json.WriteNumber(name, Convert.ToInt64(value, CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                _json.WriteNumber(name, number);
                break;
            case DateTime timestamp:
                _json.WriteString(name, timestamp);
                break;
            default:
                _json.WriteString(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                break;
        }
    }
}
