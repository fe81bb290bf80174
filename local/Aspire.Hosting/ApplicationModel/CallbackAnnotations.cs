using Microsoft.Extensions.Logging;
using Microsoft.Extensions.Logging.Abstractions;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Adds command-line arguments when the resource starts.</summary>
public class CommandLineArgsCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Adds arguments with access to their surroundings.</summary>
    /// <param name="callback">Adds them.</param>
    public CommandLineArgsCallbackAnnotation(Func<CommandLineArgsCallbackContext, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = callback;
    }

    /// <summary>Adds arguments.</summary>
    /// <param name="callback">Adds them to the list.</param>
    public CommandLineArgsCallbackAnnotation(Action<IList<object>> callback)
        : this(context =>
        {
            callback(context.Args);
            return Task.CompletedTask;
        }) { }

    /// <summary>Adds the arguments.</summary>
    public Func<CommandLineArgsCallbackContext, Task> Callback { get; }
}

/// <summary>The arguments of a resource that is about to start.</summary>
public sealed class CommandLineArgsCallbackContext
{
    private readonly IResource? _resource;

    /// <summary>Creates the context.</summary>
    /// <param name="args">The arguments so far.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public CommandLineArgsCallbackContext(IList<object> args, CancellationToken cancellationToken = default)
    {
        ArgumentNullException.ThrowIfNull(args);
        Args = args;
        CancellationToken = cancellationToken;
    }

    /// <summary>Creates the context.</summary>
    /// <param name="args">The arguments so far.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public CommandLineArgsCallbackContext(
        IList<object> args,
        IResource resource,
        CancellationToken cancellationToken = default
    )
        : this(args, cancellationToken) => _resource = resource;

    /// <summary>The arguments so far: text or values.</summary>
    public IList<object> Args { get; }

    /// <summary>The resource.</summary>
    public IResource Resource => _resource ?? throw new InvalidOperationException("The context has no resource.");

    /// <summary>Ends the start.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The operation under way.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; init; } =
        new(DistributedApplicationOperation.Run);

    /// <summary>The resource's log.</summary>
    public ILogger Logger { get; init; } = NullLogger.Instance;
}

/// <summary>Adds environment variables when the resource starts.</summary>
public class EnvironmentCallbackAnnotation : IResourceAnnotation
{
    /// <summary>Adds variables.</summary>
    /// <param name="callback">Adds them.</param>
    public EnvironmentCallbackAnnotation(Func<EnvironmentCallbackContext, Task> callback)
    {
        ArgumentNullException.ThrowIfNull(callback);
        Callback = callback;
    }

    /// <summary>Adds variables.</summary>
    /// <param name="callback">Adds them.</param>
    public EnvironmentCallbackAnnotation(Action<EnvironmentCallbackContext> callback)
        : this(context =>
        {
            callback(context);
            return Task.CompletedTask;
        }) { }

    /// <summary>Adds variables.</summary>
    /// <param name="callback">Adds them to the dictionary.</param>
    public EnvironmentCallbackAnnotation(Action<Dictionary<string, object>> callback)
        : this((EnvironmentCallbackContext context) => callback(context.EnvironmentVariables)) { }

    /// <summary>Adds one variable.</summary>
    /// <param name="name">Its name.</param>
    /// <param name="callback">Its value.</param>
    public EnvironmentCallbackAnnotation(string name, Func<string> callback)
        : this((EnvironmentCallbackContext context) => context.EnvironmentVariables[name] = callback()) { }

    /// <summary>Adds the variables.</summary>
    public Func<EnvironmentCallbackContext, Task> Callback { get; }
}

/// <summary>The environment variables of a resource that is about to start.</summary>
public class EnvironmentCallbackContext
{
    private readonly IResource? _resource;

    /// <summary>Creates the context.</summary>
    /// <param name="executionContext">The operation under way.</param>
    /// <param name="environmentVariables">The variables so far.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public EnvironmentCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        Dictionary<string, object>? environmentVariables = null,
        CancellationToken cancellationToken = default
    )
    {
        ExecutionContext = executionContext;
        EnvironmentVariables = environmentVariables ?? [];
        CancellationToken = cancellationToken;
    }

    /// <summary>Creates the context.</summary>
    /// <param name="executionContext">The operation under way.</param>
    /// <param name="resource">The resource.</param>
    /// <param name="environmentVariables">The variables so far.</param>
    /// <param name="cancellationToken">Ends the start.</param>
    public EnvironmentCallbackContext(
        DistributedApplicationExecutionContext executionContext,
        IResource resource,
        Dictionary<string, object>? environmentVariables = null,
        CancellationToken cancellationToken = default
    )
        : this(executionContext, environmentVariables, cancellationToken) => _resource = resource;

    /// <summary>The variables so far: text or values.</summary>
    public Dictionary<string, object> EnvironmentVariables { get; }

    /// <summary>Ends the start.</summary>
    public CancellationToken CancellationToken { get; }

    /// <summary>The operation under way.</summary>
    public DistributedApplicationExecutionContext ExecutionContext { get; }

    /// <summary>The resource's log.</summary>
    public ILogger Logger { get; set; } = NullLogger.Instance;

    /// <summary>The resource.</summary>
    public IResource Resource => _resource ?? throw new InvalidOperationException("The context has no resource.");
}
