using System.Collections.Concurrent;
using System.Diagnostics;
using System.Runtime.CompilerServices;
using Azure.Messaging.ServiceBus;

namespace Shop.ServiceBus.Tests;

public sealed class ClientTracingTests : ClientTest, IAsyncLifetime
{
    private readonly ConcurrentQueue<Activity> _ended = new();
    private readonly ActivitySource _application = new("Shop.ServiceBus.Tests.Application");
    private ActivityListener _listener = null!;
    private ClientBroker _broker = null!;
    private ServiceBusClient _client = null!;

    // As an application does that wants the spans: before the first client is made.
    [ModuleInitializer]
    internal static void EnableActivitySources() =>
        AppContext.SetSwitch("Azure.Experimental.EnableActivitySource", true);

    public async ValueTask InitializeAsync()
    {
        _broker = await ClientBroker.StartAsync(["orders"]);
        _client = _broker.CreateClient();
        _listener = new ActivityListener
        {
            ShouldListenTo = source =>
                source == _application
                || source.Name.StartsWith("Azure.Messaging.ServiceBus.", StringComparison.Ordinal),
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllDataAndRecorded,
            ActivityStopped = _ended.Enqueue,
        };
        ActivitySource.AddActivityListener(_listener);
    }

    public async ValueTask DisposeAsync()
    {
        _listener.Dispose();
        _application.Dispose();
        await _client.DisposeAsync();
        await _broker.DisposeAsync();
    }

    [Fact]
    public async Task Sending_and_processing_a_message_are_in_one_trace()
    {
        var handled = Signal<Activity?>();
        await using var processor = Processor(
            _client,
            "orders",
            _ =>
            {
                handled.TrySetResult(Activity.Current);
                return Task.CompletedTask;
            }
        );
        await processor.StartProcessingAsync(Cancelled);
        await using var sender = _client.CreateSender("orders");

        ActivityTraceId trace;
        using (var request = _application.StartActivity("POST /orders"))
        {
            trace = request!.TraceId;
            await sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled);
        }

        var processing = await handled.Task.WaitAsync(Limit, Cancelled);
        await processor.StopProcessingAsync(Cancelled);

        var mine = _ended.Where(activity => activity.TraceId == trace).ToList();
        var message = Assert.Single(mine, activity => activity.OperationName == "Message");
        Assert.Equal(ActivityKind.Producer, message.Kind);
        Assert.Equal("Azure.Messaging.ServiceBus.Message", message.Source.Name);

        var sending = Assert.Single(mine, activity => activity.OperationName == "ServiceBusSender.Send");
        Assert.Equal("Azure.Messaging.ServiceBus.ServiceBusSender", sending.Source.Name);
        Assert.Equal(ActivityKind.Client, sending.Kind);
        Assert.Equal("publish", sending.GetTagItem("messaging.operation"));
        Assert.Equal("servicebus", sending.GetTagItem("messaging.system"));
        Assert.Equal("orders", sending.GetTagItem("messaging.destination.name"));
        Assert.Contains(sending.Links, link => link.Context.SpanId == message.SpanId);

        Assert.NotNull(processing);
        Assert.Equal("ServiceBusProcessor.ProcessMessage", processing.OperationName);
        Assert.Equal(ActivityKind.Consumer, processing.Kind);
        Assert.Equal(trace, processing.TraceId);
        Assert.Equal(message.SpanId, processing.ParentSpanId);
        Assert.Equal("process", processing.GetTagItem("messaging.operation"));

        Assert.Contains(
            mine,
            activity =>
                activity.OperationName == "ServiceBusReceiver.Complete" && activity.ParentSpanId == processing.SpanId
        );
    }

    [Fact]
    public async Task A_message_that_carries_a_trace_keeps_it()
    {
        const string traceParent = "00-0af7651916cd43dd8448eb211c80319c-b7ad6b7169203331-01";
        var message = new ServiceBusMessage("x") { ApplicationProperties = { ["traceparent"] = traceParent } };
        await using var sender = _client.CreateSender("orders");
        await sender.SendMessageAsync(message, Cancelled);

        await using var receiver = _client.CreateReceiver("orders");
        var received = await ReceiveAsync(receiver);

        Assert.Equal(traceParent, received.ApplicationProperties["traceparent"]);
        Assert.False(received.ApplicationProperties.ContainsKey("Diagnostic-Id"));
    }

    [Fact]
    public async Task A_failed_call_is_a_failed_span()
    {
        await using var sender = _client.CreateSender("nowhere");
        await Assert.ThrowsAsync<ServiceBusException>(() =>
            sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled)
        );

        var sending = Assert.Single(
            _ended,
            activity =>
                activity.OperationName == "ServiceBusSender.Send"
                && Equals(activity.GetTagItem("messaging.destination.name"), "nowhere")
                && activity.Status == ActivityStatusCode.Error
        );
        Assert.Equal(typeof(ServiceBusException).FullName, sending.GetTagItem("error.type"));
    }
}
