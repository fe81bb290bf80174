using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Logging.Console;

namespace Shop.ServiceDefaults.Tests;

public sealed class JsonLogTests
{
    [Fact]
    public async Task Outside_development_an_entry_is_one_flat_JSON_object_with_its_scopes()
    {
        await using var host = await TestHost.StartAsync();
        var scopes = new LoggerExternalScopeProvider();
        using var scope = scopes.Push(
            new Dictionary<string, object> { ["CorrelationId"] = "order-42", ["Level"] = "forged" }
        );

        var line = Format(host, "line 1\nline 2 \"quoted\"", scopes);

        Assert.Equal(1, line.Count(character => character == '\n'));
        var entry = JsonDocument.Parse(line).RootElement;
        Assert.Equal("line 1\nline 2 \"quoted\"", entry.Text("message"));
        Assert.Equal("Warning", entry.Text("level"));
        Assert.Equal("Shop.Tests", entry.Text("category"));
        Assert.Equal("order-42", entry.Text("correlationId"));
        Assert.NotEmpty(entry.Text("service")!);
        Assert.Contains("InvalidOperationException", entry.Text("exception"), StringComparison.Ordinal);
    }

    private static string Format(TestHost host, string message, IExternalScopeProvider scopes)
    {
        var formatter = host
            .Services.GetServices<ConsoleFormatter>()
            .Single(formatter => formatter.Name == "shop-json");
        using var writer = new StringWriter { NewLine = "\n" };
        var entry = new LogEntry<string>(
            LogLevel.Warning,
            "Shop.Tests",
            eventId: default,
            message,
            new InvalidOperationException("broken"),
            (state, _) => state
        );
        formatter.Write(in entry, scopes, writer);
        return writer.ToString();
    }
}
