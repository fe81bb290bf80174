using System.Net.Http.Json;
using System.Text.Json;
using System.Text.RegularExpressions;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

/// <summary>What the emulator tells of itself over HTTP.</summary>
public sealed partial class EmulatorAdminTests(EmulatorFixture fixture)
    : SdkTest,
        IClassFixture<EmulatorFixture>,
        IAsyncLifetime
{
    private ServiceBusClient client = null!;
    private HttpClient http = null!;

    public ValueTask InitializeAsync()
    {
        client = new ServiceBusClient(fixture.ConnectionString);
        http = new HttpClient { BaseAddress = fixture.Emulator.AdminAddress, Timeout = Limit };
        return ValueTask.CompletedTask;
    }

    public async ValueTask DisposeAsync()
    {
        http.Dispose();
        await client.DisposeAsync();
    }

    [Fact]
    public async Task Metrics_count_messages_by_entity_and_state_and_what_the_journal_did()
    {
        await LeaveOneOfEachAsync("queue-1");

        var metrics = await MetricsAsync();

        Assert.Equal(1, metrics["servicebus_messages{queue-1,active}"]);
        Assert.Equal(1, metrics["servicebus_messages{queue-1,locked}"]);
        Assert.Equal(1, metrics["servicebus_messages{queue-1,deferred}"]);
        Assert.Equal(1, metrics["servicebus_messages{queue-1,scheduled}"]);
        Assert.Equal(1, metrics["servicebus_messages{queue-1,dead_lettered}"]);
        Assert.Equal(1, metrics["servicebus_messages{queue-1/$deadletterqueue,active}"]);
        Assert.Equal(5, metrics["servicebus_messages_in_total{queue-1}"]);
        Assert.Equal(4, metrics["servicebus_messages_out_total{queue-1}"]);
        Assert.Equal(1, metrics["servicebus_messages_completed_total{queue-1}"]);
        Assert.Equal(1, metrics["servicebus_messages_dead_lettered_total{queue-1}"]);
        Assert.InRange(metrics["servicebus_journal_flushes_total"], 5, 1000);
        Assert.InRange(metrics["servicebus_journal_written_bytes_total"], 500, 1_000_000);
        Assert.InRange(metrics["servicebus_journal_size_bytes"], 500, 1_000_000);
    }

    [Fact]
    public async Task Connections_are_counted_while_they_last()
    {
        await using var another = new ServiceBusClient(fixture.ConnectionString);
        await client.CreateSender("queue-2").SendMessageAsync(new("x"), Cancelled);
        await another.CreateSender("queue-2").SendMessageAsync(new("x"), Cancelled);
        await HasConnectionsAsync(2);

        await another.DisposeAsync();

        await HasConnectionsAsync(1);
    }

    [Fact]
    public async Task Entities_are_listed_with_their_counts()
    {
        await LeaveOneOfEachAsync("queue-3");

        var entities = await http.GetFromJsonAsync<JsonElement>("/", Cancelled);

        var entity = entities.EnumerateArray().Single(entity => entity.GetProperty("name").GetString() == "queue-3");
        Assert.Equal(
            """{"name":"queue-3","total":4,"active":1,"locked":1,"deferred":1,"scheduled":1,"deadLettered":1}""",
            JsonSerializer.Serialize(entity)
        );
    }

    [Fact]
    public async Task Dead_letters_are_listed_with_their_reasons_and_without_their_content()
    {
        await LeaveOneOfEachAsync("queue-4");

        var answer = await http.GetStringAsync("/dead-letters", Cancelled);

        var letter = JsonDocument
            .Parse(answer)
            .RootElement.EnumerateArray()
            .Single(letter => letter.GetProperty("entity").GetString() == "queue-4");
        Assert.Equal("unreadable", letter.GetProperty("reason").GetString());
        Assert.Equal("no total", letter.GetProperty("description").GetString());
        Assert.Equal("m-2", letter.GetProperty("messageId").GetString());
        Assert.DoesNotContain("secret", answer, StringComparison.Ordinal);
    }

    private async Task LeaveOneOfEachAsync(string queue)
    {
        var sender = client.CreateSender(queue);
        var receiver = client.CreateReceiver(queue);
        for (var i = 0; i < 5; i++)
        {
            await sender.SendMessageAsync(new("secret") { MessageId = $"m-{i}" }, Cancelled);
        }

        await receiver.CompleteMessageAsync(await ReceiveAsync(receiver), Cancelled);
        await receiver.DeferMessageAsync(await ReceiveAsync(receiver), null, Cancelled);
        await receiver.DeadLetterMessageAsync(await ReceiveAsync(receiver), "unreadable", "no total", Cancelled);
        await ReceiveAsync(receiver);
        await sender.ScheduleMessageAsync(new("later"), DateTimeOffset.UtcNow.AddHours(1), Cancelled);
    }

    private async Task HasConnectionsAsync(int expected)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancelled);
        limit.CancelAfter(Limit);
        while ((await MetricsAsync())["servicebus_connections"] != expected)
        {
            await Task.Delay(50, limit.Token);
        }
    }

    /// <summary>Prometheus' lines with the two labels that matter here.</summary>
    private async Task<Dictionary<string, double>> MetricsAsync()
    {
        var text = await http.GetStringAsync("/metrics", Cancelled);
        return Sample()
            .Matches(text)
            .DistinctBy(Key)
            .ToDictionary(Key, match => double.Parse(match.Groups["value"].ValueSpan));
    }

    private static string Key(Match sample)
    {
        var labels = Label()
            .Matches(sample.Groups["labels"].Value)
            .Where(label => label.Groups[1].Value is "messaging_destination_name" or "state")
            .Select(label => label.Groups[2].Value)
            .ToList();
        return sample.Groups["name"].Value + (labels.Count == 0 ? "" : $"{{{string.Join(',', labels)}}}");
    }

    [GeneratedRegex("""^(?<name>servicebus_\w+)\{(?<labels>[^}]*)\} (?<value>\S+)""", RegexOptions.Multiline)]
    private static partial Regex Sample();

    [GeneratedRegex("(\\w+)=\"([^\"]*)\"")]
    private static partial Regex Label();
}
