namespace Shop.Messaging;

/// <summary>The configuration section <c>Messaging</c>.</summary>
internal sealed class MessagingOptions
{
    public const string Section = "Messaging";

    /// <summary>What carries the messages. The monolith uses <c>InProcess</c> unless it is set.</summary>
    public TransportKind Transport { get; set; } = TransportKind.ServiceBus;
}

/// <summary>What can carry messages.</summary>
internal enum TransportKind
{
    /// <summary>Azure Service Bus.</summary>
    ServiceBus,

    /// <summary>Tables of the contexts' databases; all contexts are in one process.</summary>
    InProcess,
}
