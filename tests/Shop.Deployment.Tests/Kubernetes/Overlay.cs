using System.Collections.Concurrent;
using k8s;
using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>The objects of a folder of <c>deploy/k8s/overlays</c>, each read strictly: an unknown field is an error.</summary>
internal sealed class Overlay
{
    public const string Local = "local";
    public const string Production = "production";
    public const string ProductionWithKeda = "production-keda";

    // An overlay is rendered once for all tests.
    private static readonly ConcurrentDictionary<string, Task<Overlay>> s_overlays = new();

    private static readonly Dictionary<string, Type> s_customTypes = new()
    {
        ["gateway.networking.k8s.io/v1/Gateway"] = typeof(Gateway),
        ["gateway.networking.k8s.io/v1/HTTPRoute"] = typeof(HttpRoute),
        ["keda.sh/v1alpha1/ScaledObject"] = typeof(ScaledObject),
        ["keda.sh/v1alpha1/TriggerAuthentication"] = typeof(TriggerAuthentication),
    };

    private Overlay(IReadOnlyList<IKubernetesObject<V1ObjectMeta>> objects) => Objects = objects;

    public IReadOnlyList<IKubernetesObject<V1ObjectMeta>> Objects { get; }

    /// <summary>The deployments of the shop's own services, by name.</summary>
    public IReadOnlyDictionary<string, V1Deployment> Services =>
        All<V1Deployment>()
            .Where(deployment => deployment.GetLabel(Labels.Component) == "service")
            .ToDictionary(deployment => deployment.Name());

    /// <summary>The pods that the overlay makes, by the kind and name of what makes them.</summary>
    public IReadOnlyDictionary<string, V1PodTemplateSpec> Pods =>
        All<V1Deployment>()
            .Select(one => ($"Deployment {one.Name()}", one.Spec.Template))
            .Concat(All<V1StatefulSet>().Select(one => ($"StatefulSet {one.Name()}", one.Spec.Template)))
            .Concat(All<V1Job>().Select(one => ($"Job {one.Name()}", one.Spec.Template)))
            .ToDictionary(pod => pod.Item1, pod => pod.Template);

    public static Task<Overlay> RenderAsync(string name) => s_overlays.GetOrAdd(name, LoadAsync);

    public static Overlay Parse(string yaml) =>
        new([
            .. KubernetesYaml
                .LoadAllFromString(yaml, s_customTypes, strict: true)
                .Cast<IKubernetesObject<V1ObjectMeta>>(),
        ]);

    public IEnumerable<T> All<T>()
        where T : IKubernetesObject<V1ObjectMeta> => Objects.OfType<T>();

    /// <summary>The object of that name; the test fails in one sentence if there is none.</summary>
    public T Get<T>(string name)
        where T : class, IKubernetesObject<V1ObjectMeta>
    {
        var found = All<T>().SingleOrDefault(one => one.Metadata.Name == name);
        Assert.True(found is not null, $"deploy/k8s has no {typeof(T).Name.TrimStart('V', '1', '2')} '{name}'.");
        return found;
    }

    /// <summary>The pods of a service.</summary>
    public V1PodTemplateSpec PodOf(string service) => Get<V1Deployment>(service).Spec.Template;

    /// <summary>The pods of a server that the overlay brings along.</summary>
    public V1PodTemplateSpec Server(string name) => Pods.Values.Single(pod => pod.GetLabel(Labels.Name) == name);

    /// <summary>The settings that a pod takes from ConfigMaps as a whole.</summary>
    public IEnumerable<KeyValuePair<string, string>> SettingsOf(V1PodTemplateSpec pod) =>
        Assert
            .Single(pod.Spec.Containers)
            .EnvFrom.Or([])
            .SelectMany(source => Get<V1ConfigMap>(source.ConfigMapRef.Name).Data);

    private static async Task<Overlay> LoadAsync(string name) => Parse(await Kubectl.KustomizeAsync(name));
}

internal static class Labels
{
    public const string Component = "app.kubernetes.io/component";
    public const string Name = "app.kubernetes.io/name";

    /// <summary>The list itself, or another where the object leaves it out.</summary>
    public static IEnumerable<T> Or<T>(this IEnumerable<T>? list, IEnumerable<T> other) => list ?? other;
}
