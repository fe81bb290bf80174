using System.Globalization;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The log of one instance: the last lines, and those who read along.</summary>
internal sealed class ResourceLog(Action<bool> watched) : ILogger
{
    private const int Kept = 10_000;

    private readonly Lock _gate = new();
    private readonly Queue<LogLine> _lines = [];
    private readonly List<Channel<LogLine>> _readers = [];
    private int _count;
    private bool _completed;

    public IReadOnlyList<LogLine> Lines
    {
        get
        {
            lock (_gate)
            {
                return [.. _lines];
            }
        }
    }

    public bool IsWatched
    {
        get
        {
            lock (_gate)
            {
                return _readers.Count > 0;
            }
        }
    }

    public void Add(string content, bool isError)
    {
        lock (_gate)
        {
            var line = new LogLine(++_count, content, isError);
            _lines.Enqueue(line);
            if (_lines.Count > Kept)
            {
                _lines.Dequeue();
            }

            foreach (var reader in _readers)
            {
                reader.Writer.TryWrite(line);
            }
        }
    }

    public (ChannelReader<LogLine> Reader, IReadOnlyList<LogLine> Backlog) Subscribe()
    {
        var channel = Channel.CreateUnbounded<LogLine>();
        IReadOnlyList<LogLine> backlog;
        bool first;
        lock (_gate)
        {
            backlog = [.. _lines];
            first = _readers.Count == 0;
            if (_completed)
            {
                channel.Writer.Complete();
            }

            _readers.Add(channel);
        }

        if (first)
        {
            watched(true);
        }

        return (channel.Reader, backlog);
    }

    public void Unsubscribe(ChannelReader<LogLine> reader)
    {
        bool last;
        lock (_gate)
        {
            _readers.RemoveAll(channel => channel.Reader == reader);
            last = _readers.Count == 0;
        }

        if (last)
        {
            watched(false);
        }
    }

    public void Complete()
    {
        lock (_gate)
        {
            _completed = true;
            _readers.ForEach(reader => reader.Writer.TryComplete());
        }
    }

    public void Clear()
    {
        lock (_gate)
        {
            _lines.Clear();
            _count = 0;
        }
    }

    public IDisposable? BeginScope<TState>(TState state)
        where TState : notnull => null;

    public bool IsEnabled(LogLevel logLevel) => logLevel != LogLevel.None;

    public void Log<TState>(
        LogLevel logLevel,
        EventId eventId,
        TState state,
        Exception? exception,
        Func<TState, Exception?, string> formatter
    )
    {
        var text = formatter(state, exception);
        if (exception is not null)
        {
            text += Environment.NewLine + exception;
        }

        var time = DateTime.UtcNow.ToString("O", CultureInfo.InvariantCulture);
        Add($"{time} {text}", logLevel >= LogLevel.Error);
    }
}
