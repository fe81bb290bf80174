using System.Diagnostics.CodeAnalysis;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>Reads facts about resources.</summary>
public static class ResourceExtensions
{
    /// <summary>The last annotation of a type.</summary>
    /// <typeparam name="T">The annotation's type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="annotation">The annotation, when there is one.</param>
    public static bool TryGetLastAnnotation<T>(this IResource resource, [NotNullWhen(true)] out T? annotation)
        where T : IResourceAnnotation
    {
        annotation = resource.Annotations.OfType<T>().LastOrDefault();
        return annotation is not null;
    }

    /// <summary>All annotations of a type.</summary>
    /// <typeparam name="T">The annotation's type.</typeparam>
    /// <param name="resource">The resource.</param>
    /// <param name="result">The annotations, when there are some.</param>
    public static bool TryGetAnnotationsOfType<T>(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<T>? result
    )
        where T : IResourceAnnotation
    {
        var found = resource.Annotations.OfType<T>().ToArray();
        result = found.Length > 0 ? found : null;
        return result is not null;
    }

    /// <summary>Whether there is an annotation of a type.</summary>
    /// <typeparam name="T">The annotation's type.</typeparam>
    /// <param name="resource">The resource.</param>
    public static bool HasAnnotationOfType<T>(this IResource resource)
        where T : IResourceAnnotation => resource.Annotations.OfType<T>().Any();

    /// <summary>The endpoints of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpoints">The endpoints, when there are some.</param>
    public static bool TryGetEndpoints(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<EndpointAnnotation>? endpoints
    ) => resource.TryGetAnnotationsOfType(out endpoints);

    /// <summary>The URLs of a resource.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="urls">The URLs, when there are some.</param>
    public static bool TryGetUrls(
        this IResource resource,
        [NotNullWhen(true)] out IEnumerable<ResourceUrlAnnotation>? urls
    ) => resource.TryGetAnnotationsOfType(out urls);

    /// <summary>A reference to one endpoint.</summary>
    /// <param name="resource">The resource.</param>
    /// <param name="endpointName">The endpoint's name.</param>
    public static EndpointReference GetEndpoint(this IResourceWithEndpoints resource, string endpointName) =>
        new(resource, endpointName);

    /// <summary>References to all endpoints.</summary>
    /// <param name="resource">The resource.</param>
    public static IEnumerable<EndpointReference> GetEndpoints(this IResourceWithEndpoints resource) =>
        resource.Annotations.OfType<EndpointAnnotation>().Select(endpoint => new EndpointReference(resource, endpoint));

    /// <summary>How many instances of a resource run.</summary>
    /// <param name="resource">The resource.</param>
    public static int GetReplicaCount(this IResource resource) =>
        resource.TryGetLastAnnotation<ReplicaAnnotation>(out var replicas) ? replicas.Replicas : 1;

    /// <summary>Whether the resource is left out of what is deployed.</summary>
    /// <param name="resource">The resource.</param>
    public static bool IsExcludedFromPublish(this IResource resource) =>
        resource.HasAnnotationOfType<ExcludedFromManifestAnnotation>();
}
