namespace Azure.Messaging.ServiceBus;

/// <summary>How the delay between two attempts grows.</summary>
public enum ServiceBusRetryMode
{
    /// <summary>The delay stays the same.</summary>
    Fixed = 0,

    /// <summary>The delay doubles with every attempt.</summary>
    Exponential = 1,
}
