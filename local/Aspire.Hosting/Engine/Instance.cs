using System.Collections.Concurrent;
using Aspire.Hosting.ApplicationModel;

namespace Aspire.Hosting.Engine;

/// <summary>One process of a resource, over all its starts and stops.</summary>
internal sealed class Instance(IResource resource, ResourceInstance identity)
{
    private TaskCompletionSource _forced = new();

    public IResource Resource { get; } = resource;

    public string Name => Identity.Name;

    public ResourceInstance Identity { get; } = identity;

    /// <summary>Held while the instance is started or stopped, so that commands come one after the other.</summary>
    public SemaphoreSlim Gate { get; } = new(1, 1);

    /// <summary>The ids of DCP objects that were replaced; what is still said about them is old.</summary>
    public ConcurrentDictionary<string, bool> Replaced { get; } = [];

    /// <summary>The DCP object whose process prints, or printed.</summary>
    public string? PrintingUid { get; set; }

    /// <summary>The DCP object of which it is read what it prints.</summary>
    public string? ReadUid { get; set; }

    /// <summary>Ends when somebody wants the instance to start without waiting for others.</summary>
    public Task Forced => _forced.Task;

    public void Force() => _forced.TrySetResult();

    public void ExpectForce() => _forced = new TaskCompletionSource();
}

/// <summary>All instances of the application.</summary>
internal sealed class Instances(DistributedApplicationModel model)
{
    private readonly Lazy<IReadOnlyDictionary<string, Instance>> _all = new(() =>
        model
            .Resources.SelectMany(resource =>
                resource
                    .Annotations.OfType<ResourceInstancesAnnotation>()
                    .SelectMany(annotation => annotation.Instances)
                    .Select(identity => new Instance(resource, identity))
            )
            .ToDictionary(instance => instance.Name)
    );

    public IEnumerable<IGrouping<IResource, Instance>> ByResource =>
        _all.Value.Values.GroupBy(instance => instance.Resource);

    public Instance? Find(string name) => _all.Value.GetValueOrDefault(name);
}
