using System.Collections.ObjectModel;
using System.Diagnostics;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>A part of the application: a process, a project, a database, a parameter.</summary>
public interface IResource
{
    /// <summary>The name, unique in the application without regard to case.</summary>
    string Name { get; }

    /// <summary>What has been said about the resource, in the order in which it was said.</summary>
    ResourceAnnotationCollection Annotations { get; }
}

/// <summary>One statement about a resource.</summary>
public interface IResourceAnnotation;

/// <summary>The annotations of a resource.</summary>
public sealed class ResourceAnnotationCollection : Collection<IResourceAnnotation>;

/// <summary>Base of all resources.</summary>
[DebuggerDisplay("{Name}")]
public abstract class Resource : IResource
{
    /// <summary>Creates a resource.</summary>
    /// <param name="name">Letters, digits and hyphens, starting with a letter; at most 64 characters.</param>
    protected Resource(string name)
    {
        ModelName.Validate("resource", name);
        Name = name;
    }

    /// <inheritdoc />
    public virtual string Name { get; }

    /// <inheritdoc />
    public virtual ResourceAnnotationCollection Annotations { get; } = [];
}

/// <summary>A resource that takes environment variables.</summary>
public interface IResourceWithEnvironment : IResource;

/// <summary>A resource that takes command-line arguments.</summary>
public interface IResourceWithArgs : IResource;

/// <summary>A resource that listens on endpoints.</summary>
public interface IResourceWithEndpoints : IResource;

/// <summary>A resource that can wait for others before it starts.</summary>
public interface IResourceWithWaitSupport : IResource;

/// <summary>A resource that never starts or stops, such as a parameter.</summary>
public interface IResourceWithoutLifetime : IResource;

/// <summary>A resource that can be deployed as a workload.</summary>
public interface IComputeResource : IResource;

/// <summary>A resource that lives inside another.</summary>
public interface IResourceWithParent : IResource
{
    /// <summary>The resource it lives in.</summary>
    IResource Parent { get; }
}

/// <summary>A resource that lives inside another of a known type.</summary>
/// <typeparam name="T">The parent's type.</typeparam>
public interface IResourceWithParent<out T> : IResourceWithParent
    where T : IResource
{
    /// <summary>The resource it lives in.</summary>
    new T Parent { get; }

    IResource IResourceWithParent.Parent => Parent;
}

/// <summary>The resources of an application.</summary>
public interface IResourceCollection : IList<IResource>
{
    /// <summary>Finds a resource by name, without regard to case.</summary>
    /// <param name="name">The resource's name.</param>
    /// <param name="resource">The resource, when found.</param>
    bool TryGetByName(string name, [System.Diagnostics.CodeAnalysis.NotNullWhen(true)] out IResource? resource);
}

/// <summary>All resources of an application, as seen by the engine and by event handlers.</summary>
public class DistributedApplicationModel
{
    /// <summary>Creates a model.</summary>
    /// <param name="resources">The resources.</param>
    public DistributedApplicationModel(IResourceCollection resources)
    {
        ArgumentNullException.ThrowIfNull(resources);
        Resources = resources;
    }

    /// <summary>Creates a model.</summary>
    /// <param name="resources">The resources.</param>
    public DistributedApplicationModel(IEnumerable<IResource> resources)
        : this(new ResourceCollection(resources)) { }

    /// <summary>The resources.</summary>
    public IResourceCollection Resources { get; }
}
