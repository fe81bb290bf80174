namespace Aspire.Hosting.ApplicationModel;

/// <summary>The instances of a resource that runs as processes; each has a name of its own.</summary>
internal sealed class ResourceInstancesAnnotation(IReadOnlyList<ResourceInstance> instances)
    : IResourceAnnotation
{
    public IReadOnlyList<ResourceInstance> Instances { get; } = instances;
}

/// <param name="Name">The resource's name and a random suffix.</param>
/// <param name="Suffix">The suffix, which also tells instances apart in telemetry.</param>
/// <param name="Index">Its number, from 0.</param>
internal sealed record ResourceInstance(string Name, string Suffix, int Index);

internal static class ResourceInstances
{
    /// <summary>The names under which the state and the log of a resource are kept.</summary>
    public static IReadOnlyList<string> NamesOf(IResource resource) =>
        resource.TryGetLastAnnotation<ResourceInstancesAnnotation>(out var annotation)
            ? [.. annotation.Instances.Select(instance => instance.Name)]
            : [resource.Name];
}
