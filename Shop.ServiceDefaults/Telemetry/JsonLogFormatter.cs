using System.Buffers;
using System.Diagnostics;
using System.Text;
using System.Text.Json;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Shop.ServiceDefaults.Telemetry;

/// <summary>
/// One JSON object a line: time, level, service, category, message, trace, and what the entry and its scopes say by name
/// (correlation id, message type). Flat, so that a log store finds each by its name.
/// </summary>
internal sealed class JsonLogFormatter(IHostEnvironment environment, TimeProvider time)
    : ConsoleFormatter(FormatterName)
{
    public const string FormatterName = "shop-json";

    private readonly string _service = Environment.GetEnvironmentVariable("OTEL_SERVICE_NAME") is { Length: > 0 } name
        ? name
        : environment.ApplicationName;

    public override void Write<TState>(
        in LogEntry<TState> logEntry,
        IExternalScopeProvider? scopeProvider,
        TextWriter textWriter
    )
    {
        var fields = Fields(logEntry, scopeProvider);
        var buffer = new ArrayBufferWriter<byte>(512);
        using (var json = new Utf8JsonWriter(buffer))
        {
            json.WriteStartObject();
            foreach (var (name, value) in fields)
            {
                Write(json, name, value);
            }

            json.WriteEndObject();
        }

        textWriter.WriteLine(Encoding.UTF8.GetString(buffer.WrittenSpan));
    }

    /// <summary>The first to use a name keeps it, so nothing that is logged can pose as the level or the service.</summary>
    private Dictionary<string, object?> Fields<TState>(in LogEntry<TState> entry, IExternalScopeProvider? scopes)
    {
        var fields = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase)
        {
            ["timestamp"] = time.GetUtcNow().UtcDateTime,
            ["level"] = entry.LogLevel.ToString(),
            ["service"] = _service,
            ["category"] = entry.Category,
            ["message"] = entry.Formatter(entry.State, entry.Exception),
        };
        if (Activity.Current is { } activity)
        {
            fields["traceId"] = activity.TraceId.ToHexString();
            fields["spanId"] = activity.SpanId.ToHexString();
        }

        if (entry.Exception is { } exception)
        {
            fields["exception"] = exception.ToString();
        }

        Add(fields, entry.State);
        scopes?.ForEachScope((scope, all) => Add(all, scope), fields);
        return fields;
    }

    private static void Add(Dictionary<string, object?> fields, object? state)
    {
        if (state is not IEnumerable<KeyValuePair<string, object?>> pairs)
        {
            return;
        }

        foreach (var (name, value) in pairs)
        {
            if (name != "{OriginalFormat}")
            {
                fields.TryAdd(JsonNamingPolicy.CamelCase.ConvertName(name), value);
            }
        }
    }

    private static void Write(Utf8JsonWriter json, string name, object? value)
    {
        switch (value)
        {
            case null:
                json.WriteNull(name);
                break;
            case bool flag:
                json.WriteBoolean(name, flag);
                break;
            case int or long or short or byte:
                json.WriteNumber(name, Convert.ToInt64(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
            case double number when double.IsFinite(number):
                json.WriteNumber(name, number);
                break;
            case DateTime timestamp:
                json.WriteString(name, timestamp);
                break;
            default:
                json.WriteString(name, Convert.ToString(value, System.Globalization.CultureInfo.InvariantCulture));
                break;
        }
    }
}
