using System.Diagnostics;

namespace Azure.Messaging.ServiceBus.Diagnostics;

/// <summary>
/// Spans as the Azure SDK makes them: sources <c>Azure.Messaging.ServiceBus.*</c>, off unless the switch
/// <c>Azure.Experimental.EnableActivitySource</c> or its environment variable turns them on.
/// </summary>
internal sealed class ClientDiagnostics(string fullyQualifiedNamespace, string entityPath)
{
    private const string Prefix = "Azure.Messaging.ServiceBus.";

    private static readonly ActivitySource MessageSource = new($"{Prefix}Message");
    private static readonly ActivitySource SenderSource = new($"{Prefix}ServiceBusSender");
    private static readonly ActivitySource ReceiverSource = new($"{Prefix}ServiceBusReceiver");
    private static readonly ActivitySource SessionReceiverSource = new($"{Prefix}ServiceBusSessionReceiver");
    private static readonly ActivitySource ProcessorSource = new($"{Prefix}ServiceBusProcessor");
    private static readonly ActivitySource SessionProcessorSource = new($"{Prefix}ServiceBusSessionProcessor");

    private readonly bool _enabled = ActivitySourceSwitch.IsOn;

    /// <summary>Makes the message carry the trace that it is sent in, unless it carries one.</summary>
    public void Instrument(ServiceBusMessage message)
    {
        var properties = message.ApplicationProperties;
        if (
            properties.ContainsKey(MessageProperties.DiagnosticId)
            || properties.ContainsKey(MessageProperties.TraceParent)
        )
        {
            return;
        }

        using var activity = Start(MessageSource, "Message", ActivityKind.Producer, operation: null, default, null);
        if (Activity.Current is not { Id: { } id } current)
        {
            return;
        }

        properties[MessageProperties.DiagnosticId] = id;
        if (_enabled)
        {
            properties[MessageProperties.TraceParent] = id;
            if (current.TraceStateString is { Length: > 0 } state)
            {
                properties[MessageProperties.TraceState] = state;
            }
        }
    }

    /// <summary>A call of the sender, linked with the messages it is about.</summary>
    public Activity? Sending(string call, IReadOnlyCollection<ServiceBusMessage> messages) =>
        WithCount(
            Start(
                SenderSource,
                $"ServiceBusSender.{call}",
                ActivityKind.Client,
                "publish",
                default,
                Links(messages.Select(message => message.ApplicationProperties))
            ),
            messages.Count
        );

    /// <summary>A batch that is sent; its messages were instrumented when they were added.</summary>
    public Activity? Sending(string call, IReadOnlyList<ActivityContext> messages, int count) =>
        WithCount(
            Start(
                SenderSource,
                $"ServiceBusSender.{call}",
                ActivityKind.Client,
                "publish",
                default,
                messages.Select(message => new ActivityLink(message))
            ),
            count
        );

    /// <summary>A call of the receiver.</summary>
    public Activity? Receiving(
        string call,
        string operation,
        IReadOnlyCollection<ServiceBusReceivedMessage>? messages = null
    ) =>
        Start(
            ReceiverSource,
            $"ServiceBusReceiver.{call}",
            ActivityKind.Client,
            operation,
            default,
            messages is null ? null : Links(messages.Select(message => message.ApplicationProperties))
        );

    /// <summary>A call about a session.</summary>
    public Activity? OfSession(string call) =>
        Start(
            SessionReceiverSource,
            $"ServiceBusSessionReceiver.{call}",
            ActivityKind.Client,
            operation: null,
            default,
            null
        );

    /// <summary>A run of the message handler, in the trace that the message came with.</summary>
    public Activity? Processing(ServiceBusReceivedMessage message, bool ofSession) =>
        Start(
            ofSession ? SessionProcessorSource : ProcessorSource,
            ofSession ? "ServiceBusSessionProcessor.ProcessSessionMessage" : "ServiceBusProcessor.ProcessMessage",
            ActivityKind.Consumer,
            "process",
            Context(message.ApplicationProperties) ?? default,
            null
        );

    public static ActivityContext? Context(IEnumerable<KeyValuePair<string, object>> properties)
    {
        string? parent = null;
        string? diagnosticId = null;
        string? state = null;
        foreach (var (name, value) in properties)
        {
            switch (name)
            {
                case MessageProperties.TraceParent:
                    parent = value as string;
                    break;
                case MessageProperties.DiagnosticId:
                    diagnosticId = value as string;
                    break;
                case MessageProperties.TraceState:
                    state = value as string;
                    break;
            }
        }

        return ActivityContext.TryParse(parent ?? diagnosticId, state, isRemote: true, out var context)
            ? context
            : null;
    }

    /// <summary>Marks a span as failed.</summary>
    public static void Failed(Activity? activity, Exception exception)
    {
        activity?.SetStatus(ActivityStatusCode.Error, exception.Message);
        activity?.SetTag("error.type", exception.GetType().FullName);
    }

    private static Activity? WithCount(Activity? activity, int count) =>
        count > 1 ? activity?.SetTag("messaging.batch.message_count", count) : activity;

    private static IEnumerable<ActivityLink> Links(IEnumerable<IEnumerable<KeyValuePair<string, object>>> messages)
    {
        foreach (var properties in messages)
        {
            if (Context(properties) is { } context)
            {
                yield return new ActivityLink(context);
            }
        }
    }

    private Activity? Start(
        ActivitySource source,
        string name,
        ActivityKind kind,
        string? operation,
        ActivityContext parent,
        IEnumerable<ActivityLink>? links
    )
    {
        if (!_enabled || !source.HasListeners())
        {
            return null;
        }

        var tags = new ActivityTagsCollection
        {
            ["az.namespace"] = "Microsoft.ServiceBus",
            ["messaging.system"] = "servicebus",
            ["server.address"] = fullyQualifiedNamespace,
            ["messaging.destination.name"] = entityPath,
        };
        if (operation is not null)
        {
            tags["messaging.operation"] = operation;
        }

        return source.StartActivity(kind, parent, tags, links, name: name);
    }
}
