using System.Collections.Concurrent;
using System.Runtime.CompilerServices;
using System.Threading.Channels;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>One line of a resource's log.</summary>
/// <param name="LineNumber">Its number, from 1.</param>
/// <param name="Content">The text; starts with its time in ISO 8601.</param>
/// <param name="IsErrorMessage">Whether it was written to standard error or is an error.</param>
public readonly record struct LogLine(int LineNumber, string Content, bool IsErrorMessage);

/// <summary>Whether somebody reads the log of a resource.</summary>
/// <param name="Name">The instance's name.</param>
/// <param name="AnySubscribers">Whether somebody reads it.</param>
public readonly record struct LogSubscriber(string Name, bool AnySubscribers);

/// <summary>The resources' logs: what their processes print and what the engine says about them.</summary>
public class ResourceLoggerService : IDisposable
{
    private readonly ConcurrentDictionary<string, ResourceLog> _logs = new(StringComparer.OrdinalIgnoreCase);
    private readonly CancellationTokenSource _disposed = new();

    /// <summary>A logger that writes to the resource's log, or to the logs of all its instances.</summary>
    /// <param name="resource">The resource.</param>
    public ILogger GetLogger(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        return new FanOutLogger([.. ResourceInstances.NamesOf(resource).Select(GetLogger)]);
    }

    /// <summary>A logger that writes to an instance's log.</summary>
    /// <param name="resourceName">The instance's name.</param>
    public ILogger GetLogger(string resourceName) => LogOf(resourceName);

    /// <summary>The lines so far and those to come, in batches; ends with <see cref="Complete(string)" />.</summary>
    /// <param name="resource">The resource.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        var names = ResourceInstances.NamesOf(resource);
        return names.Count == 1 ? WatchAsync(names[0]) : WatchAll(names);
    }

    /// <summary>The lines so far and those to come, in batches; ends with <see cref="Complete(string)" />.</summary>
    /// <param name="resourceName">The instance's name.</param>
    public IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAsync(string resourceName) => Watch(resourceName);

    /// <summary>The lines so far.</summary>
    /// <param name="resource">The resource.</param>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        foreach (var name in ResourceInstances.NamesOf(resource))
        {
            await foreach (var batch in GetAllAsync(name))
            {
                yield return batch;
            }
        }
    }

    /// <summary>The lines so far.</summary>
    /// <param name="resourceName">The instance's name.</param>
    public async IAsyncEnumerable<IReadOnlyList<LogLine>> GetAllAsync(string resourceName)
    {
        var printed = ReadPrinted is { } read ? await read(resourceName, _disposed.Token) : [];
        var lines = LogOf(resourceName).Lines;
        lines =
        [
            .. lines,
            .. printed.Select((line, index) => new LogLine(lines.Count + index + 1, line.Content, line.IsError)),
        ];
        if (lines.Count > 0)
        {
            yield return lines;
        }
    }

    /// <summary>Says whenever somebody starts or stops reading a log.</summary>
    /// <param name="cancellationToken">Ends it.</param>
    public async IAsyncEnumerable<LogSubscriber> WatchAnySubscribersAsync(
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        var channel = Channel.CreateUnbounded<LogSubscriber>();
        SubscribersChanged += Report;
        try
        {
            foreach (var (name, log) in _logs)
            {
                if (log.IsWatched)
                {
                    Report(new LogSubscriber(name, true));
                }
            }

            await foreach (var change in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return change;
            }
        }
        finally
        {
            SubscribersChanged -= Report;
        }

        void Report(LogSubscriber change) => channel.Writer.TryWrite(change);
    }

    /// <summary>Says that nothing more will be logged.</summary>
    /// <param name="resource">The resource.</param>
    public void Complete(IResource resource)
    {
        ArgumentNullException.ThrowIfNull(resource);
        foreach (var name in ResourceInstances.NamesOf(resource))
        {
            Complete(name);
        }
    }

    /// <summary>Says that nothing more will be logged.</summary>
    /// <param name="name">The instance's name.</param>
    public void Complete(string name) => LogOf(name).Complete();

    /// <summary>Forgets the lines so far.</summary>
    /// <param name="resourceName">The instance's name.</param>
    public void ClearBacklog(string resourceName) => LogOf(resourceName).Clear();

    /// <inheritdoc />
    public void Dispose()
    {
        _disposed.Cancel();
        GC.SuppressFinalize(this);
    }

    internal event Action<LogSubscriber>? SubscribersChanged;

    /// <summary>What an instance has printed that is in no log here, since nobody watches it; the engine's.</summary>
    internal Func<
        string,
        CancellationToken,
        Task<IReadOnlyList<(string Content, bool IsError)>>
    >? ReadPrinted { get; set; }

    internal ResourceLog LogOf(string name) =>
        _logs.GetOrAdd(
            name,
            static (key, service) => new ResourceLog(any => service.SubscribersChanged?.Invoke(new(key, any))),
            this
        );

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> Watch(
        string name,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var either = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken, _disposed.Token);
        var log = LogOf(name);
        var (reader, backlog) = log.Subscribe();
        try
        {
            if (backlog.Count > 0)
            {
                yield return backlog;
            }

            while (await IsReadable(reader, either.Token, cancellationToken))
            {
                var batch = new List<LogLine>();
                while (reader.TryRead(out var line))
                {
                    batch.Add(line);
                }

                yield return batch;
            }
        }
        finally
        {
            log.Unsubscribe(reader);
        }
    }

    private static async ValueTask<bool> IsReadable(
        ChannelReader<LogLine> reader,
        CancellationToken either,
        CancellationToken cancellationToken
    )
    {
        try
        {
            return await reader.WaitToReadAsync(either);
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // the application has ended, and the log with it
        }
    }

    private async IAsyncEnumerable<IReadOnlyList<LogLine>> WatchAll(
        IReadOnlyList<string> names,
        [EnumeratorCancellation] CancellationToken cancellationToken = default
    )
    {
        using var stop = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var channel = Channel.CreateUnbounded<IReadOnlyList<LogLine>>();
        var readers = Task.WhenAll(names.Select(Forward));
        _ = readers.ContinueWith(
            _ => channel.Writer.TryComplete(),
            CancellationToken.None,
            TaskContinuationOptions.None,
            TaskScheduler.Default
        );
        try
        {
            await foreach (var batch in channel.Reader.ReadAllAsync(cancellationToken))
            {
                yield return batch;
            }
        }
        finally
        {
            await stop.CancelAsync();
        }

        async Task Forward(string name)
        {
            try
            {
                await foreach (var batch in Watch(name, stop.Token))
                {
                    channel.Writer.TryWrite(batch);
                }
            }
            catch (OperationCanceledException)
            {
                // Nobody reads any more.
            }
        }
    }

    private sealed class FanOutLogger(IReadOnlyList<ILogger> loggers) : ILogger
    {
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
            foreach (var logger in loggers)
            {
                logger.Log(logLevel, eventId, state, exception, formatter);
            }
        }
    }
}
