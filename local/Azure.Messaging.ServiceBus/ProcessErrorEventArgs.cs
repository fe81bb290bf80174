namespace Azure.Messaging.ServiceBus;

/// <summary>An error that a processor met. It goes on by itself.</summary>
public sealed class ProcessErrorEventArgs : EventArgs
{
    /// <summary>Creates the arguments.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="errorSource">What the processor did.</param>
    /// <param name="fullyQualifiedNamespace">The broker's host.</param>
    /// <param name="entityPath">The entity that is processed.</param>
    /// <param name="cancellationToken">Cancelled when the processor stops.</param>
    public ProcessErrorEventArgs(
        Exception exception,
        ServiceBusErrorSource errorSource,
        string fullyQualifiedNamespace,
        string entityPath,
        CancellationToken cancellationToken
    )
        : this(exception, errorSource, fullyQualifiedNamespace, entityPath, string.Empty, cancellationToken) { }

    /// <summary>Creates the arguments.</summary>
    /// <param name="exception">The error.</param>
    /// <param name="errorSource">What the processor did.</param>
    /// <param name="fullyQualifiedNamespace">The broker's host.</param>
    /// <param name="entityPath">The entity that is processed.</param>
    /// <param name="identifier">The processor's name.</param>
    /// <param name="cancellationToken">Cancelled when the processor stops.</param>
    public ProcessErrorEventArgs(
        Exception exception,
        ServiceBusErrorSource errorSource,
        string fullyQualifiedNamespace,
        string entityPath,
        string identifier,
        CancellationToken cancellationToken
    )
    {
        Exception = exception;
        ErrorSource = errorSource;
        FullyQualifiedNamespace = fullyQualifiedNamespace;
        EntityPath = entityPath;
        Identifier = identifier;
        CancellationToken = cancellationToken;
    }

    /// <summary>Gets the error.</summary>
    public Exception Exception { get; }

    /// <summary>Gets what the processor did.</summary>
    public ServiceBusErrorSource ErrorSource { get; }

    /// <summary>Gets the broker's host.</summary>
    public string FullyQualifiedNamespace { get; }

    /// <summary>Gets the entity that is processed.</summary>
    public string EntityPath { get; }

    /// <summary>Gets the processor's name.</summary>
    public string Identifier { get; }

    /// <summary>Gets a token that is cancelled when the processor stops.</summary>
    public CancellationToken CancellationToken { get; }
}
