namespace Azure.Messaging.ServiceBus;

/// <summary>The names of application properties with a meaning of their own.</summary>
internal static class MessageProperties
{
    public const string DeadLetterReason = "DeadLetterReason";
    public const string DeadLetterErrorDescription = "DeadLetterErrorDescription";
    public const string DiagnosticId = "Diagnostic-Id";
    public const string TraceParent = "traceparent";
    public const string TraceState = "tracestate";
}
