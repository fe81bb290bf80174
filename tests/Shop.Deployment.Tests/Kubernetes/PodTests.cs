using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>What holds for pods in every overlay.</summary>
public sealed class PodTests
{
    private static readonly TimeSpan s_longestStop = TimeSpan.FromSeconds(25);

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_pod_is_restricted_and_writes_to_volumes_only(string name)
    {
        var overlay = await Overlay.RenderAsync(name);

        Assert.Equal("restricted", overlay.Get<V1Namespace>("shop").GetLabel("pod-security.kubernetes.io/enforce"));
        Assert.All(
            overlay.Objects,
            one => Assert.True(one is V1Namespace || one.Metadata.NamespaceProperty == "shop", one.Metadata.Name)
        );
        Assert.All(
            overlay.Pods,
            pod =>
            {
                var spec = pod.Value.Spec;
                Assert.Equal(
                    (pod.Key, true, "RuntimeDefault", false),
                    (
                        pod.Key,
                        spec.SecurityContext.RunAsNonRoot,
                        spec.SecurityContext.SeccompProfile.Type,
                        spec.AutomountServiceAccountToken
                    )
                );
                Assert.NotEqual(0, spec.SecurityContext.RunAsUser);
                Assert.Null(spec.InitContainers);
                Assert.Null(spec.HostNetwork);
                var container = Assert.Single(spec.Containers);
                Assert.Equal(
                    (pod.Key, true, false),
                    (
                        pod.Key,
                        container.SecurityContext.ReadOnlyRootFilesystem,
                        container.SecurityContext.AllowPrivilegeEscalation
                    )
                );
                Assert.NotEqual(0, container.SecurityContext.RunAsUser);
                Assert.Equal(["ALL"], container.SecurityContext.Capabilities.Drop);
                Assert.Null(container.SecurityContext.Capabilities.Add);
                Assert.Contains(container.VolumeMounts, mount => mount.MountPath == "/tmp");
            }
        );
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_pod_says_what_it_needs_and_which_version_it_runs(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        Assert.All(
            overlay.Pods,
            pod =>
            {
                var container = pod.Value.Spec.Containers[0];
                Assert.True(container.Resources.Requests.Keys.ToHashSet().SetEquals(["cpu", "memory"]), pod.Key);
                Assert.Equal(["memory"], container.Resources.Limits.Keys);
                Assert.Matches("^[a-z0-9./-]+:[a-z0-9.]+$", container.Image);
                Assert.DoesNotContain("latest", container.Image, StringComparison.Ordinal);
                // A registry's host name has a dot.
                if (name != Overlay.Local)
                    Assert.Matches("^[^/]+[.][^/]+/", container.Image);
            }
        );
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_service_is_probed_and_stops_after_it_is_out_of_the_load_balancing(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        Assert.All(
            overlay.Services.Values,
            deployment =>
            {
                var spec = deployment.Spec.Template.Spec;
                var container = spec.Containers[0];
                Assert.Equal(("/healthz", "http"), Path(container.StartupProbe));
                Assert.Equal(("/healthz", "http"), Path(container.LivenessProbe));
                Assert.Equal(("/ready", "http"), Path(container.ReadinessProbe));
                var pause = TimeSpan.FromSeconds(container.Lifecycle.PreStop.Sleep.Seconds);
                Assert.InRange(pause, TimeSpan.FromSeconds(3), TimeSpan.FromSeconds(15));
                Assert.True(TimeSpan.FromSeconds(spec.TerminationGracePeriodSeconds!.Value) > pause + s_longestStop);
            }
        );

        static (string, string) Path(V1Probe probe) => (probe.HttpGet.Path, probe.HttpGet.Port.Value);
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task Nothing_refers_to_what_is_not_there(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var secrets = overlay.All<V1Secret>().ToDictionary(secret => secret.Name(), secret => secret.Data.Keys);
        Assert.All(
            overlay.Pods.Values,
            pod =>
            {
                var container = pod.Spec.Containers[0];
                Assert.NotNull(overlay.SettingsOf(pod).ToList());
                Assert.All(
                    pod.Spec.Volumes.Where(one => one.ConfigMap is not null),
                    one => overlay.Get<V1ConfigMap>(one.ConfigMap.Name)
                );
                if (pod.Spec.ServiceAccountName is { } account)
                    overlay.Get<V1ServiceAccount>(account);
                var keys = container
                    .Env.Or([])
                    .Select(one => one.ValueFrom?.SecretKeyRef)
                    .OfType<V1SecretKeySelector>();
                // In production the secrets are made by whoever deploys.
                Assert.All(
                    keys,
                    key => Assert.True(name != Overlay.Local || secrets[key.Name].Contains(key.Key), key.Name)
                );
            }
        );
        Assert.True(name == Overlay.Local || secrets.Count == 0, "A secret is in a file of production.");
        Assert.All(
            overlay.All<V1Service>(),
            service =>
                Assert.Single(
                    overlay.Pods.Values,
                    pod => service.Spec.Selector.All(label => pod.GetLabel(label.Key) == label.Value)
                )
        );
    }
}
