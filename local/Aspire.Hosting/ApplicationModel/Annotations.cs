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

/// <summary>Names a registered health check that the resource must pass.</summary>
/// <param name="key">The health check's name.</param>
public class HealthCheckAnnotation(string key) : IResourceAnnotation
{
    /// <summary>The health check's name.</summary>
    public string Key { get; } = key;
}

/// <summary>The resource is started by a command only.</summary>
public sealed class ExplicitStartupAnnotation : IResourceAnnotation;

/// <summary>The icon that the dashboard shows.</summary>
/// <param name="iconName">The icon's name in Fluent UI.</param>
/// <param name="iconVariant">Its variant.</param>
public sealed class ResourceIconAnnotation(string iconName, IconVariant iconVariant = IconVariant.Filled)
    : IResourceAnnotation
{
    /// <summary>The icon's name in Fluent UI.</summary>
    public string IconName { get; } = iconName;

    /// <summary>Its variant.</summary>
    public IconVariant IconVariant { get; } = iconVariant;
}

/// <summary>A relation to another resource.</summary>
/// <param name="resource">The other resource.</param>
/// <param name="type">The relation, for instance <c>Parent</c>.</param>
public sealed class ResourceRelationshipAnnotation(IResource resource, string type) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResource Resource { get; } = resource;

    /// <summary>The relation.</summary>
    public string Type { get; } = type;
}

/// <summary>How many instances of the resource run.</summary>
/// <param name="replicas">The number.</param>
public sealed class ReplicaAnnotation(int replicas = 1) : IResourceAnnotation
{
    /// <summary>The number.</summary>
    public int Replicas { get; } = replicas;
}

/// <summary>The state that a resource shows before it starts.</summary>
/// <param name="initialSnapshot">The state.</param>
public class ResourceSnapshotAnnotation(CustomResourceSnapshot initialSnapshot) : IResourceAnnotation
{
    /// <summary>The state.</summary>
    public CustomResourceSnapshot InitialSnapshot { get; } = initialSnapshot;
}

/// <summary>The endpoints of another resource that this one is told about.</summary>
/// <param name="resource">The other resource.</param>
public sealed class EndpointReferenceAnnotation(IResourceWithEndpoints resource) : IResourceAnnotation
{
    /// <summary>The other resource.</summary>
    public IResourceWithEndpoints Resource { get; } = resource;

    /// <summary>Whether it is told about all of them.</summary>
    public bool UseAllEndpoints { get; set; }

    /// <summary>The endpoints' names.</summary>
    public ISet<string> EndpointNames { get; } = new HashSet<string>(StringComparer.OrdinalIgnoreCase);
}

/// <summary>Which kinds of variables a reference adds.</summary>
[Flags]
public enum ReferenceEnvironmentInjectionFlags
{
    /// <summary>None.</summary>
    None = 0,

    /// <summary><c>ConnectionStrings__name</c>.</summary>
    ConnectionString = 1,

    /// <summary><c>NAME_HOST</c> and the like.</summary>
    ConnectionProperties = 2,

    /// <summary><c>services__name__http__0</c>.</summary>
    ServiceDiscovery = 4,

    /// <summary><c>NAME_HTTP</c>.</summary>
    Endpoints = 8,

    /// <summary>All.</summary>
    All = 15,
}

/// <summary>Says which kinds of variables references add to the resource.</summary>
/// <param name="flags">The kinds.</param>
public sealed class ReferenceEnvironmentInjectionAnnotation(ReferenceEnvironmentInjectionFlags flags)
    : IResourceAnnotation
{
    /// <summary>The kinds.</summary>
    public ReferenceEnvironmentInjectionFlags Flags { get; } = flags;
}

/// <summary>The resource sends its telemetry to the dashboard.</summary>
public class OtlpExporterAnnotation : IResourceAnnotation
{
    /// <summary>The protocol it needs; any when null.</summary>
    public OtlpProtocol? RequiredProtocol { get; init; }
}

internal sealed class ExcludedFromManifestAnnotation : IResourceAnnotation;

internal sealed class HiddenAnnotation : IResourceAnnotation;
