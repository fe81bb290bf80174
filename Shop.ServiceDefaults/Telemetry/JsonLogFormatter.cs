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
        using var line = new Line(logEntry.Category.Length + 512);
        line.Add("timestamp", time.GetUtcNow().UtcDateTime);
        line.Add("level", logEntry.LogLevel.ToString());
        line.Add("service", _service);
        line.Add("category", logEntry.Category);
        line.Add("message", logEntry.Formatter(logEntry.State, logEntry.Exception));
        if (Activity.Current is { } activity)
        {
            line.Add("traceId", activity.TraceId.ToHexString());
            line.Add("spanId", activity.SpanId.ToHexString());
        }

        if (logEntry.Exception is { } exception)
        {
            line.Add("exception", exception.ToString());
        }

        line.AddAll(logEntry.State);
        scopeProvider?.ForEachScope(static (scope, whole) => whole.AddAll(scope), line);
        textWriter.WriteLine(line.End());
    }

    /// <summary>The first to use a name keeps it, so nothing that is logged can pose as the level or the service.</summary>
    private sealed class Line : IDisposable
    {
        private readonly ArrayBufferWriter<byte> _buffer;
        private readonly Utf8JsonWriter _json;
        private readonly List<string> _names = new(16);

        public Line(int size)
        {
            _buffer = new ArrayBufferWriter<byte>(size);
            _json = new Utf8JsonWriter(_buffer);
            _json.WriteStartObject();
        }

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
            Write(_json, name, value);
        }

        public string End()
        {
            _json.WriteEndObject();
            _json.Flush();
            return Encoding.UTF8.GetString(_buffer.WrittenSpan);
        }

        public void Dispose() => _json.Dispose();

        private void Add(KeyValuePair<string, object?> pair)
        {
            if (pair.Key != "{OriginalFormat}")
            {
                Add(JsonNamingPolicy.CamelCase.ConvertName(pair.Key), pair.Value);
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
