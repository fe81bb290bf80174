namespace Azure.Messaging.ServiceBus;

/// <summary>An operation on Service Bus failed.</summary>
public class ServiceBusException : Exception
{
    /// <summary>Creates an exception that says nothing.</summary>
    public ServiceBusException() { }

    /// <summary>Creates an exception.</summary>
    /// <param name="isTransient">Whether trying again may help.</param>
    /// <param name="message">What happened.</param>
    /// <param name="entityName">The entity it happened to.</param>
    /// <param name="reason">Why it happened.</param>
    /// <param name="innerException">What caused it.</param>
    public ServiceBusException(
        bool isTransient,
        string message,
        string? entityName = null,
        ServiceBusFailureReason reason = ServiceBusFailureReason.GeneralError,
        Exception? innerException = null
    )
        : base(message, innerException)
    {
        IsTransient = isTransient;
        EntityPath = entityName;
        Reason = reason;
    }

    /// <summary>Creates an exception whose reason tells whether trying again may help.</summary>
    /// <param name="message">What happened.</param>
    /// <param name="reason">Why it happened.</param>
    /// <param name="entityPath">The entity it happened to.</param>
    /// <param name="innerException">What caused it.</param>
    public ServiceBusException(
        string message,
        ServiceBusFailureReason reason,
        string? entityPath = null,
        Exception? innerException = null
    )
        : this(
            reason
                is ServiceBusFailureReason.ServiceBusy
                    or ServiceBusFailureReason.ServiceTimeout
                    or ServiceBusFailureReason.ServiceCommunicationProblem,
            message,
            entityPath,
            reason,
            innerException
        ) { }

    /// <summary>Gets whether trying again may help.</summary>
    public bool IsTransient { get; }

    /// <summary>Gets the entity that it happened to, if one is known.</summary>
    public string? EntityPath { get; }

    /// <summary>Gets why it happened.</summary>
    public ServiceBusFailureReason Reason { get; }

    /// <inheritdoc />
    public override string Message =>
        string.IsNullOrEmpty(EntityPath) ? $"{base.Message} ({Reason})" : $"{base.Message} ({EntityPath} - {Reason})";
}
