using Aspire.Hosting.ApplicationModel;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.Local.Aspire.Tests;

/// <summary>What processes print.</summary>
public sealed class LogTests
{
    [Fact]
    public async Task Whoever_watches_late_sees_what_was_printed_before_and_what_is_printed_then_once_each()
    {
        await using var app = EngineApp.Create(areLogsWatched: false);
        var folder = Directory.CreateTempSubdirectory("shop-log-");
        var go = Path.Combine(folder.FullName, "go");
        app.AddShell(
            "server",
            $"echo one; echo two >&2; while [ ! -e '{go}' ]; do sleep 0.05; done; echo three; exec sleep 99"
        );
        await app.StartAsync();
        await app.WaitForAsync("server", KnownResourceStates.Running);

        while (
            await app.LogOfAsync("server") is var printed
            && !(printed.Contains("one", StringComparison.Ordinal) && printed.Contains("two", StringComparison.Ordinal))
        )
        {
            await Task.Delay(20, app.Limit);
        }

        // It was asked for, and is not carried here before somebody watches.
        var logs = app.Application.Services.GetRequiredService<ResourceLoggerService>();
        var server = app.Builder.Resources.Single(resource => resource.Name == "server");
        Assert.Empty(logs.LogOf(ResourceInstances.NamesOf(server).Single()).Lines);

        await File.WriteAllTextAsync(go, "", app.Limit);
        var lines = new List<LogLine>();
        await foreach (var batch in logs.WatchAsync(server).WithCancellation(app.Limit))
        {
            lines.AddRange(batch);
            if (
                ((string[])["one", "two", "three"]).All(word =>
                    lines.Any(line => line.Content.EndsWith(word, StringComparison.Ordinal))
                )
            )
            {
                break;
            }
        }

        Assert.Equal(1, lines.Count(line => line.Content.EndsWith("one", StringComparison.Ordinal)));
        Assert.True(lines.Single(line => line.Content.EndsWith("two", StringComparison.Ordinal)).IsErrorMessage);
        Assert.Equal(Enumerable.Range(1, lines.Count), lines.Select(line => line.LineNumber));
        folder.Delete(recursive: true);
    }
}
