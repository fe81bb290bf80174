using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting;

public static partial class ResourceBuilderExtensions
{
    /// <summary>Waits until another resource runs and is healthy.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other resource.</param>
    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency
    )
        where T : IResourceWithWaitSupport => builder.WaitWith(dependency.Resource, WaitType.WaitUntilHealthy, null);

    /// <summary>Waits until another resource runs and is healthy.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other resource.</param>
    /// <param name="waitBehavior">What happens when the other fails.</param>
    public static IResourceBuilder<T> WaitFor<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency,
        WaitBehavior waitBehavior
    )
        where T : IResourceWithWaitSupport =>
        builder.WaitWith(dependency.Resource, WaitType.WaitUntilHealthy, waitBehavior);

    /// <summary>Waits until another resource runs.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other resource.</param>
    public static IResourceBuilder<T> WaitForStart<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency
    )
        where T : IResourceWithWaitSupport => builder.WaitWith(dependency.Resource, WaitType.WaitUntilStarted, null);

    /// <summary>Waits until another resource runs.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other resource.</param>
    /// <param name="waitBehavior">What happens when the other fails.</param>
    public static IResourceBuilder<T> WaitForStart<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency,
        WaitBehavior waitBehavior
    )
        where T : IResourceWithWaitSupport =>
        builder.WaitWith(dependency.Resource, WaitType.WaitUntilStarted, waitBehavior);

    /// <summary>Waits until another resource has ended with an exit code.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="dependency">The other resource.</param>
    /// <param name="exitCode">The exit code that counts as success.</param>
    public static IResourceBuilder<T> WaitForCompletion<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> dependency,
        int exitCode = 0
    )
        where T : IResourceWithWaitSupport =>
        builder.WaitWith(dependency.Resource, WaitType.WaitForCompletion, null, exitCode);

    /// <summary>Shows the resource under another in the dashboard.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="parent">The other resource.</param>
    public static IResourceBuilder<T> WithParentRelationship<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> parent
    )
        where T : IResource => builder.WithParentRelationship(parent.Resource);

    /// <summary>Shows the resource under another in the dashboard.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="parent">The other resource.</param>
    public static IResourceBuilder<T> WithParentRelationship<T>(this IResourceBuilder<T> builder, IResource parent)
        where T : IResource => builder.WithRelationship(parent, KnownRelationshipTypes.Parent);

    /// <summary>Shows another resource under this one in the dashboard.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="child">The other resource.</param>
    public static IResourceBuilder<T> WithChildRelationship<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> child
    )
        where T : IResource
    {
        child.WithParentRelationship(builder.Resource);
        return builder;
    }

    /// <summary>Shows that the resource refers to another.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="resource">The other resource.</param>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(this IResourceBuilder<T> builder, IResource resource)
        where T : IResource => builder.WithRelationship(resource, KnownRelationshipTypes.Reference);

    /// <summary>Shows that the resource refers to another.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="resourceBuilder">The other resource.</param>
    public static IResourceBuilder<T> WithReferenceRelationship<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> resourceBuilder
    )
        where T : IResource => builder.WithReferenceRelationship(resourceBuilder.Resource);

    /// <summary>Shows a relation to another resource.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="resourceBuilder">The other resource.</param>
    /// <param name="type">The relation.</param>
    public static IResourceBuilder<T> WithRelationship<T>(
        this IResourceBuilder<T> builder,
        IResourceBuilder<IResource> resourceBuilder,
        string type
    )
        where T : IResource => builder.WithRelationship(resourceBuilder.Resource, type);

    /// <summary>Shows a relation to another resource.</summary>
    /// <typeparam name="T">The resource's type.</typeparam>
    /// <param name="builder">The resource.</param>
    /// <param name="resource">The other resource.</param>
    /// <param name="type">The relation.</param>
    public static IResourceBuilder<T> WithRelationship<T>(
        this IResourceBuilder<T> builder,
        IResource resource,
        string type
    )
        where T : IResource => builder.WithAnnotation(new ResourceRelationshipAnnotation(resource, type));

    private static IResourceBuilder<T> WaitWith<T>(
        this IResourceBuilder<T> builder,
        IResource dependency,
        WaitType type,
        WaitBehavior? behavior,
        int exitCode = 0
    )
        where T : IResourceWithWaitSupport
    {
        if ((IResource)builder.Resource == dependency)
        {
            throw new DistributedApplicationException(
                $"The '{builder.Resource.Name}' resource cannot wait for itself."
            );
        }

        if (builder.Resource is IResourceWithParent child && child.Parent == dependency)
        {
            throw new DistributedApplicationException(
                $"The '{builder.Resource.Name}' resource cannot wait for its parent '{dependency.Name}'."
            );
        }

        // A child such as a database often has no health checks of its own.
        if (type != WaitType.WaitForCompletion && dependency is IResourceWithParent { Parent: var parent })
        {
            builder.WithAnnotation(new WaitAnnotation(parent, type) { WaitBehavior = behavior });
        }

        return builder
            .WithRelationship(dependency, KnownRelationshipTypes.WaitFor)
            .WithAnnotation(new WaitAnnotation(dependency, type, exitCode) { WaitBehavior = behavior });
    }

    /// <summary>Shows a reference to every resource that a value is made of.</summary>
    private static IResourceBuilder<T> RelateTo<T>(this IResourceBuilder<T> builder, object? value)
        where T : IResource
    {
        var seen = new HashSet<object>(ReferenceEqualityComparer.Instance);
        Visit(value);
        return builder;

        void Visit(object? part)
        {
            if (part is null || !seen.Add(part))
            {
                return;
            }

            if (part is IResourceBuilder<IResource> described)
            {
                Visit(described.Resource);
            }
            else if (part is IResource resource)
            {
                if (resource != (IResource)builder.Resource)
                {
                    builder.WithReferenceRelationship(resource);
                }
            }
            else if (part is IValueWithReferences whole)
            {
                foreach (var reference in whole.References)
                {
                    Visit(reference);
                }
            }
        }
    }
}

internal static class KnownRelationshipTypes
{
    public const string Parent = "Parent";
    public const string Reference = "Reference";
    public const string WaitFor = "WaitFor";
}
