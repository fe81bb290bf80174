using Shop.ServiceDefaults.Telemetry;

namespace Shop.Messaging;

/// <summary>A message on its way to one handler.</summary>
internal sealed record Delivery(Subscription Handler, object Message, MessageContext Context)
{
    /// <summary>The trace and the log scope of the delivery, wherever its handler comes to run.</summary>
    public Surroundings Surroundings { get; } = Surroundings.Capture();
}
