using System.Collections.Concurrent;
using System.Diagnostics;
using Shop.Testing;

namespace Shop.Messaging.Tests;

public sealed class TraceTests(InfrastructureFixture databases, BusFixture bus)
{
    [Fact]
    public async Task One_trace_runs_from_the_request_across_every_message()
    {
        await using var module = await Module.CreateAsync(databases, bus);
        module.Script.OnPing = turn =>
        {
            turn.Outbox.Add(new Pong(turn.Message.Number), turn.Context.CorrelationId!);
            return Task.CompletedTask;
        };
        using var request = new ActivitySource("Shop.Tests");
        var spans = new ConcurrentQueue<Activity>();
        using var listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name.StartsWith("Shop.", StringComparison.Ordinal),
            Sample = (ref _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = spans.Enqueue,
        };
        ActivitySource.AddActivityListener(listener);
        await module.StartAsync();

        ActivityTraceId trace;
        using (var root = request.StartActivity("POST /api/orders"))
        {
            trace = root!.TraceId;
            await module.SendAsync(1);
        }

        var pong = Assert.Single(await bus.Client.TakeAsync(module.Name.Other, 1));
        await bus.Client.WaitUntilEmptyAsync(module.Name.Queue);

        Activity[] Spans(string name) => [.. spans.Where(span => span.TraceId == trace && span.OperationName == name)];
        var sendPing = Assert.Single(Spans($"send {Ping.Type}"));
        var process = (
            await Eventually.GetAsync(
                "the handler's span",
                () => Task.FromResult(Spans($"process {Ping.Type}")),
                found => found.Length == 1
            )
        )[0];
        var sendPong = Assert.Single(Spans($"send {Pong.Type}"));
        Assert.Equal(Spans("POST /api/orders")[0].SpanId, sendPing.ParentSpanId);
        Assert.Equal(process.SpanId, sendPong.ParentSpanId);
        Assert.Equal(sendPong.Id, pong.ApplicationProperties["traceparent"]);
        Assert.Equal(sendPing.SpanId, process.ParentSpanId);
        Assert.Equal(Ping.Type, process.GetTagItem("shop.message.type"));
        Assert.Equal(1, process.GetTagItem("messaging.servicebus.message.delivery_count"));
        Assert.Equal("handled", process.GetTagItem("shop.outcome"));
    }
}
