using System.Security.Cryptography;

namespace Aspire.Hosting.ApplicationModel;

/// <summary>The instances of a resource that runs as processes; each has a name of its own.</summary>
internal sealed class ResourceInstancesAnnotation(IReadOnlyList<ResourceInstance> instances) : IResourceAnnotation
{
    public IReadOnlyList<ResourceInstance> Instances { get; } = instances;
}

/// <param name="Name">The resource's name and a random suffix.</param>
/// <param name="Suffix">The suffix, which also tells instances apart in telemetry.</param>
internal sealed record ResourceInstance(string Name, string Suffix);

internal static class ResourceInstances
{
    private const int SuffixLength = 8;

    /// <summary>The names under which the state and the log of a resource are kept.</summary>
    public static IReadOnlyList<string> NamesOf(IResource resource) =>
        resource.TryGetLastAnnotation<ResourceInstancesAnnotation>(out var annotation)
            ? [.. annotation.Instances.Select(instance => instance.Name)]
            : [resource.Name];

    public static bool RunsAsProcess(IResource resource) => resource is ExecutableResource or ProjectResource;

    /// <summary>Names the instances of the resources that have none yet.</summary>
    public static void Assign(DistributedApplicationModel model)
    {
        foreach (var resource in model.Resources)
        {
            if (RunsAsProcess(resource) && !resource.HasAnnotationOfType<ResourceInstancesAnnotation>())
            {
                resource.Annotations.Add(
                    new ResourceInstancesAnnotation([
                        .. Enumerable.Range(0, resource.GetReplicaCount()).Select(_ => New(resource)),
                    ])
                );
            }
        }
    }

    private static ResourceInstance New(IResource resource)
    {
        var suffix = RandomNumberGenerator.GetString("abcdefghijkmnpqrstuvwxyz", SuffixLength);
        return new ResourceInstance($"{resource.Name}-{suffix}", suffix);
    }
}
