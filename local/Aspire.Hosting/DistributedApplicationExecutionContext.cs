namespace Aspire.Hosting;

/// <summary>What is done with the application.</summary>
public enum DistributedApplicationOperation
{
    /// <summary>It runs on this machine.</summary>
    Run = 0,

    /// <summary>It is prepared for deployment; only the genuine packages can do that.</summary>
    Publish = 1,
}

/// <summary>How an execution context is made.</summary>
/// <param name="operation">The operation.</param>
public class DistributedApplicationExecutionContextOptions(DistributedApplicationOperation operation)
{
    /// <summary>Creates the options.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="publisherName">What it is prepared for.</param>
    public DistributedApplicationExecutionContextOptions(
        DistributedApplicationOperation operation,
        string publisherName
    )
        : this(operation) => PublisherName = publisherName;

    /// <summary>The operation.</summary>
    public DistributedApplicationOperation Operation { get; } = operation;

    /// <summary>What it is prepared for.</summary>
    public string? PublisherName { get; }

    /// <summary>The application's services, once it is built.</summary>
    public IServiceProvider? ServiceProvider { get; set; }
}

/// <summary>What is done with the application.</summary>
public class DistributedApplicationExecutionContext
{
    private readonly DistributedApplicationExecutionContextOptions _options;

    /// <summary>Creates the context.</summary>
    /// <param name="operation">The operation.</param>
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation)
        : this(new DistributedApplicationExecutionContextOptions(operation)) { }

    /// <summary>Creates the context.</summary>
    /// <param name="operation">The operation.</param>
    /// <param name="publisherName">What it is prepared for.</param>
    public DistributedApplicationExecutionContext(DistributedApplicationOperation operation, string publisherName)
        : this(new DistributedApplicationExecutionContextOptions(operation, publisherName)) { }

    /// <summary>Creates the context.</summary>
    /// <param name="options">How it is made.</param>
    public DistributedApplicationExecutionContext(DistributedApplicationExecutionContextOptions options)
    {
        ArgumentNullException.ThrowIfNull(options);
        _options = options;
        PublisherName = options.PublisherName ?? "manifest";
    }

    /// <summary>The operation.</summary>
    public DistributedApplicationOperation Operation => _options.Operation;

    /// <summary>Whether it runs on this machine.</summary>
    public bool IsRunMode => Operation == DistributedApplicationOperation.Run;

    /// <summary>Whether it is prepared for deployment.</summary>
    public bool IsPublishMode => Operation == DistributedApplicationOperation.Publish;

    /// <summary>What it is prepared for.</summary>
    public string PublisherName { get; set; }

    /// <summary>The application's services.</summary>
    /// <exception cref="InvalidOperationException">The application is not built yet.</exception>
    public IServiceProvider ServiceProvider =>
        _options.ServiceProvider
        ?? throw new InvalidOperationException("The services are not available before the application is built.");
}
