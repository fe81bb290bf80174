using System.Collections.Concurrent;
using System.Diagnostics;
using System.Globalization;

namespace Shop.Chaos.Tests;

/// <summary>What happened in a run, and when.</summary>
internal sealed class Journal
{
    private long _start = Stopwatch.GetTimestamp();
    private readonly ConcurrentQueue<(TimeSpan At, string About, string What)> _lines = [];

    /// <summary>Since the run began.</summary>
    public TimeSpan Elapsed => Stopwatch.GetElapsedTime(_start);

    /// <summary>The run begins now.</summary>
    public void Begin() => _start = Stopwatch.GetTimestamp();

    /// <param name="about">The key of an order, or what was harmed.</param>
    /// <param name="what">What happened.</param>
    public void Note(string about, string what) => _lines.Enqueue((Elapsed, about, what));

    /// <summary>Waits until so much of the run is over.</summary>
    public async Task WaitUntilAsync(TimeSpan at)
    {
        var left = at - Elapsed;
        if (left > TimeSpan.Zero)
            await Task.Delay(left, TestContext.Current.CancellationToken);
    }

    /// <summary>The lines about some things, in the order of time.</summary>
    public IEnumerable<string> About(Func<string, bool> isAbout) =>
        _lines
            .Where(line => isAbout(line.About))
            .OrderBy(line => line.At)
            .Select(line =>
                string.Create(
                    CultureInfo.InvariantCulture,
                    $"{line.At.TotalSeconds, 7:0.00} s  {line.About}: {line.What}"
                )
            );
}
