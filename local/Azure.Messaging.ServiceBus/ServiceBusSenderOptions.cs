namespace Azure.Messaging.ServiceBus;

/// <summary>How a sender sends.</summary>
public class ServiceBusSenderOptions
{
    /// <summary>Gets or sets the name in diagnostics; made up when not set.</summary>
    public string? Identifier { get; set; }
}
