using System.Text.RegularExpressions;
using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>What holds for pods in every overlay.</summary>
public sealed class PodTests
{
    private static readonly TimeSpan s_longestStop = TimeSpan.FromSeconds(25);

    private readonly Findings _findings = new();

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_pod_is_restricted_and_writes_to_volumes_only(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var restricted = overlay.Get<V1Namespace>("shop").GetLabel("pod-security.kubernetes.io/enforce");
        _findings.Unless(restricted == "restricted", $"The namespace enforces '{restricted}', not 'restricted'.");
        foreach (var one in overlay.Objects.Where(one => one is not V1Namespace))
            _findings.Unless(
                one.Metadata.NamespaceProperty == "shop",
                $"{one.Kind} {one.Metadata.Name} is not in 'shop'."
            );
        foreach (var (pod, template) in overlay.Pods)
        {
            var spec = template.Spec;
            var context = spec.SecurityContext;
            _findings.Unless(
                spec is { AutomountServiceAccountToken: false },
                $"{pod} has a token for Kubernetes' API."
            );
            _findings.Unless(
                spec is { HostNetwork: null, HostPID: null, HostIPC: null },
                $"{pod} is in the node's namespaces."
            );
            _findings.Unless(context is { RunAsNonRoot: true, RunAsUser: > 0 }, $"{pod} may run as root.");
            _findings.Unless(context?.SeccompProfile?.Type == "RuntimeDefault", $"{pod} has no seccomp profile.");
            _findings.Unless(spec is { InitContainers: null, Containers.Count: 1 }, $"{pod} has not one container.");
            var container = spec.Containers[0];
            var own = container.SecurityContext;
            _findings.Unless(own is { ReadOnlyRootFilesystem: true }, $"{pod} may write to its root.");
            _findings.Unless(
                own is { AllowPrivilegeEscalation: false, Privileged: null },
                $"{pod} may get privileges."
            );
            _findings.Unless(own is { RunAsUser: null or > 0 }, $"{pod} runs as root.");
            _findings.Unless(own?.Capabilities is { Drop: ["ALL"], Add: null }, $"{pod} keeps capabilities.");
            _findings.Unless(
                container.VolumeMounts.Or([]).Any(mount => mount.MountPath == "/tmp"),
                $"{pod} has no /tmp."
            );
        }

        _findings.AssertNone();
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_pod_says_what_it_needs_and_which_version_it_runs(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        // A registry's host name has a dot.
        var image = name == Overlay.Local ? "^[a-z0-9./-]+:[a-z0-9.]+$" : "^[^/]+[.][^/]+/[a-z0-9./-]+:[a-z0-9.]+$";
        foreach (var (pod, template) in overlay.Pods)
        {
            var container = template.Spec.Containers[0];
            _findings.Compare($"Requests of {pod}", ["cpu", "memory"], container.Resources.Requests.Keys);
            _findings.Compare($"Limits of {pod}", ["memory"], container.Resources.Limits.Keys);
            _findings.Unless(
                Regex.IsMatch(container.Image, image) && !container.Image.EndsWith(":latest", StringComparison.Ordinal),
                $"{pod} runs '{container.Image}': name the registry and the version."
            );
        }

        _findings.AssertNone();
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_service_is_probed_and_stops_after_it_is_out_of_the_load_balancing(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        foreach (var (service, deployment) in overlay.Services)
        {
            var spec = deployment.Spec.Template.Spec;
            var container = spec.Containers[0];
            _findings.Unless(IsAt(container.StartupProbe, "/healthz"), $"{service} has no start-up probe.");
            _findings.Unless(IsAt(container.LivenessProbe, "/healthz"), $"{service} has no liveness probe.");
            _findings.Unless(IsAt(container.ReadinessProbe, "/ready"), $"{service} has no readiness probe.");
            var pause = TimeSpan.FromSeconds(container.Lifecycle?.PreStop?.Sleep?.Seconds ?? 0);
            _findings.Unless(
                pause >= TimeSpan.FromSeconds(3),
                $"{service} gets SIGTERM {pause.TotalSeconds} s after it was told to stop."
            );
            _findings.Unless(
                TimeSpan.FromSeconds(spec.TerminationGracePeriodSeconds ?? 30) > pause + s_longestStop,
                $"{service} is killed after {spec.TerminationGracePeriodSeconds} s, while it may still stop."
            );
        }

        _findings.AssertNone();

        static bool IsAt(V1Probe? probe, string path) =>
            probe?.HttpGet is { } http && http.Path == path && http.Port.Value == "http";
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task Nothing_refers_to_what_is_not_there(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var secrets = overlay
            .All<V1Secret>()
            .SelectMany(one => one.Data.Keys.Select(key => (one.Name(), key)))
            .ToHashSet();
        _findings.Unless(name == Overlay.Local || secrets.Count == 0, "A secret is in a file of production.");
        foreach (var (pod, template) in overlay.Pods)
        {
            _ = overlay.SettingsOf(template).ToList();
            foreach (var volume in template.Spec.Volumes.Where(one => one.ConfigMap is not null))
                overlay.Get<V1ConfigMap>(volume.ConfigMap.Name);
            if (template.Spec.ServiceAccountName is { } account)
                overlay.Get<V1ServiceAccount>(account);
            // In production whoever deploys makes the secrets.
            var keys = template.Spec.Containers[0].Env.Or([]).Select(one => one.ValueFrom?.SecretKeyRef);
            foreach (var key in keys.OfType<V1SecretKeySelector>().Where(_ => name == Overlay.Local))
                _findings.Unless(
                    secrets.Contains((key.Name, key.Key)),
                    $"{pod}: there is no secret '{key.Name}' with '{key.Key}'."
                );
        }

        foreach (var service in overlay.All<V1Service>())
        {
            var pods = overlay.Pods.Where(pod =>
                service.Spec.Selector.All(label => pod.Value.GetLabel(label.Key) == label.Value)
            );
            var found = string.Join(", ", pods.Select(pod => pod.Key));
            _findings.Unless(
                found == $"Deployment {service.Name()}" || found == $"StatefulSet {service.Name()}",
                $"The Service {service.Name()} sends requests to '{found}'."
            );
        }

        _findings.AssertNone();
    }
}
