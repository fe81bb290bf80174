using System.Collections.Concurrent;
using System.Globalization;
using Microsoft.Extensions.Logging;

namespace Shop.Gateway.Tests;

/// <summary>
/// An entry of the log. The message ends with the exception's text, if there is one; the fields are its own and its scopes'.
/// </summary>
public sealed record Entry(
    string Category,
    LogLevel Level,
    string Message,
    Dictionary<string, string?> Fields,
    Exception? Exception
)
{
    /// <summary>Whether all of the words are in the message.</summary>
    public bool Says(params string[] words) =>
        words.All(word => Message.Contains(word, StringComparison.OrdinalIgnoreCase));
}

/// <summary>Keeps what is logged.</summary>
public sealed class LogRecorder : ILoggerProvider, ISupportExternalScope
{
    private IExternalScopeProvider? scopes;

    public ConcurrentQueue<Entry> Entries { get; } = [];

    public ILogger CreateLogger(string categoryName) => new Logger(categoryName, this);

    public void SetScopeProvider(IExternalScopeProvider scopeProvider) => scopes = scopeProvider;

    public void Dispose() { }

    private sealed class Logger(string category, LogRecorder recorder) : ILogger
    {
        public IDisposable? BeginScope<TState>(TState state)
            where TState : notnull => null;

        public bool IsEnabled(LogLevel logLevel) => true;

        public void Log<TState>(
            LogLevel logLevel,
            EventId eventId,
            TState state,
            Exception? exception,
            Func<TState, Exception?, string> formatter
        )
        {
            var fields = new Dictionary<string, string?>();
            Add(state);
            recorder.scopes?.ForEachScope(static (scope, add) => add(scope), Add);
            recorder.Entries.Enqueue(
                new Entry(category, logLevel, formatter(state, exception) + exception, fields, exception)
            );

            void Add(object? said)
            {
                foreach (var (name, value) in said as IEnumerable<KeyValuePair<string, object?>> ?? [])
                {
                    fields.TryAdd(name, Convert.ToString(value, CultureInfo.InvariantCulture));
                }
            }
        }
    }
}
