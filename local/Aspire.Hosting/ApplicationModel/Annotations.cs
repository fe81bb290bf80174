namespace Aspire.Hosting.ApplicationModel;

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
