using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using Amqp;
using Amqp.Framing;

namespace Shop.ServiceBus.Tests;

/// <summary>What the emulator sends to a collector, when it is told of one.</summary>
public sealed class EmulatorTelemetryTests : IDisposable
{
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(30);
    private readonly ConcurrentQueue<(string Path, byte[] Body)> received = new();
    private readonly HttpListener collector = new();
    private readonly Uri address;

    public EmulatorTelemetryTests()
    {
        using var free = new TcpListener(IPAddress.Loopback, 0);
        free.Start();
        address = new Uri($"http://127.0.0.1:{((IPEndPoint)free.LocalEndpoint).Port}/");
        free.Stop();
        collector.Prefixes.Add(address.ToString());
        collector.Start();
        _ = CollectAsync();
    }

    [Theory]
    [InlineData("traceparent")]
    [InlineData("Diagnostic-Id")]
    public async Task Spans_of_a_message_are_below_its_senders_and_metrics_come_along(string property)
    {
        await using var emulator = await EmulatorProcess.StartAsync(
            EmulatorFixture.Configuration,
            TestContext.Current.CancellationToken,
            environment: new Dictionary<string, string>
            {
                ["OTEL_EXPORTER_OTLP_ENDPOINT"] = address.ToString(),
                ["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf",
                ["OTEL_BSP_SCHEDULE_DELAY"] = "100",
                ["OTEL_METRIC_EXPORT_INTERVAL"] = "200",
                ["OTEL_SERVICE_NAME"] = "test-broker",
            }
        );
        var (trace, parent) = (ActivityTraceId.CreateRandom(), ActivitySpanId.CreateRandom());

        await SendAndCompleteAsync(emulator, property, $"00-{trace}-{parent}-01");

        foreach (var span in (string[])["store queue-1", "deliver queue-1"])
        {
            await HasAsync("v1/traces", "test-broker"u8.ToArray(), Text(span), Bytes(trace), Bytes(parent));
        }

        await HasAsync("v1/traces", Text("complete"));
        await HasAsync("v1/metrics", Text("servicebus.messages"), Text("queue-1"));
    }

    public void Dispose() => collector.Close();

    private static async Task SendAndCompleteAsync(EmulatorProcess emulator, string property, string traceParent)
    {
        var connection = await emulator.ConnectAsync();
        var session = new Session(connection);
        var message = new Message("x") { ApplicationProperties = new ApplicationProperties() };
        message.ApplicationProperties[property] = traceParent;
        await new SenderLink(session, "sender", "queue-1").SendAsync(message, Limit);
        var receiver = new ReceiverLink(session, "receiver", "queue-1");
        receiver.Accept(await receiver.ReceiveAsync(Limit));
        await connection.CloseAsync();
    }

    /// <summary>Waits until one request has all of these parts in its body.</summary>
    private async Task HasAsync(string path, params byte[][] parts)
    {
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(TestContext.Current.CancellationToken);
        limit.CancelAfter(Limit);
        while (
            !received.Any(request =>
                request.Path.EndsWith(path, StringComparison.Ordinal)
                && parts.All(part => request.Body.AsSpan().IndexOf(part) >= 0)
            )
        )
        {
            await Task.Delay(50, limit.Token);
        }
    }

    private async Task CollectAsync()
    {
        try
        {
            while (true)
            {
                var context = await collector.GetContextAsync();
                using var body = new MemoryStream();
                await context.Request.InputStream.CopyToAsync(body);
                received.Enqueue((context.Request.Url!.AbsolutePath, body.ToArray()));
                context.Response.Close();
            }
        }
        catch (Exception exception) when (exception is HttpListenerException or ObjectDisposedException)
        {
            // The test is over.
        }
    }

    private static byte[] Text(string text) => System.Text.Encoding.UTF8.GetBytes(text);

    private static byte[] Bytes(object id) => Convert.FromHexString(id.ToString()!);
}
