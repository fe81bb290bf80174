using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>How production replaces pods, and makes more of them.</summary>
public sealed class RolloutTests(PublishedManifest manifest)
{
    private const string Migration = "migration";

    private IReadOnlyList<AppHostService> Contexts =>
        [.. AppHostService.In(manifest).Where(service => service.IsContext)];

    [Theory, InlineData(Overlay.Production), InlineData(Overlay.ProductionWithKeda)]
    public async Task A_services_replicas_are_apart_from_each_other_and_it_loses_one_at_a_time(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        Assert.All(
            overlay.Services.Values,
            deployment =>
            {
                // The autoscalers' minimum counts, which the other tests look at; a number here would undo their work.
                Assert.Null(deployment.Spec.Replicas);
                var rolling = deployment.Spec.Strategy.RollingUpdate;
                Assert.Equal(("1", "1"), (rolling.MaxUnavailable.Value, rolling.MaxSurge.Value));
                Assert.Equal(
                    ["kubernetes.io/hostname", "topology.kubernetes.io/zone"],
                    deployment.Spec.Template.Spec.TopologySpreadConstraints.Select(spread => spread.TopologyKey).Order()
                );
                Assert.All(
                    deployment.Spec.Template.Spec.TopologySpreadConstraints,
                    spread => Assert.Equal(deployment.Spec.Selector.MatchLabels, spread.LabelSelector.MatchLabels)
                );
                var budget = overlay.Get<V1PodDisruptionBudget>(deployment.Name()).Spec;
                Assert.Equal("1", budget.MaxUnavailable.Value);
                Assert.Equal(deployment.Spec.Selector.MatchLabels, budget.Selector.MatchLabels);
            }
        );
    }

    [Fact]
    public async Task A_service_scales_from_three_replicas_and_search_further_than_users()
    {
        var overlay = await Overlay.RenderAsync(Overlay.Production);
        var scalers = overlay.All<V2HorizontalPodAutoscaler>().ToDictionary(one => one.Name(), one => one.Spec);

        Assert.Equal(overlay.Services.Keys.Order(), scalers.Keys.Order());
        Assert.All(
            scalers,
            one =>
            {
                Assert.Equal(("Deployment", one.Key), (one.Value.ScaleTargetRef.Kind, one.Value.ScaleTargetRef.Name));
                Assert.Equal(3, one.Value.MinReplicas);
            }
        );
        Assert.True(scalers["search"].MaxReplicas > 2 * scalers["users"].MaxReplicas);
    }

    [Fact]
    public async Task With_KEDA_a_context_scales_with_its_queue_and_nothing_else_scales_it()
    {
        var overlay = await Overlay.RenderAsync(Overlay.ProductionWithKeda);
        var without = await Overlay.RenderAsync(Overlay.Production);
        var scalers = overlay.All<ScaledObject>().ToDictionary(one => one.Metadata.Name, one => one.Spec);

        Assert.Equal(Contexts.Select(context => context.Name).Order(), scalers.Keys.Order());
        Assert.Equal(["gateway"], overlay.All<V2HorizontalPodAutoscaler>().Select(one => one.Name()));
        Assert.All(
            scalers,
            one =>
            {
                Assert.Equal(one.Key, one.Value.ScaleTargetRef.Name);
                Assert.Equal(3, one.Value.MinReplicaCount);
                Assert.Equal(
                    without.Get<V2HorizontalPodAutoscaler>(one.Key).Spec.MaxReplicas,
                    one.Value.MaxReplicaCount
                );
                Assert.Equal(["azure-servicebus", "cpu"], one.Value.Triggers.Select(trigger => trigger.Type));
                var queue = one.Value.Triggers[0];
                Assert.Equal(one.Key, queue.Metadata["queueName"]);
                Assert.True(int.Parse(queue.Metadata["messageCount"]) > 0);
                overlay.Get<TriggerAuthentication>(queue.AuthenticationRef!.Name);
            }
        );
    }

    [Theory, InlineData(Overlay.Production), InlineData(Overlay.ProductionWithKeda)]
    public async Task A_job_migrates_each_database_with_the_image_and_settings_of_its_service(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var jobs = overlay.All<V1Job>().ToDictionary(job => job.Name(), job => job);

        Assert.Equal(Contexts.Select(context => context.Name).Order(), jobs.Keys.Order());
        Assert.All(
            jobs,
            job =>
            {
                var pod = job.Value.Spec.Template;
                var container = pod.Spec.Containers[0];
                var service = overlay.Services[job.Key].Spec.Template;
                Assert.Equal(["migrate"], container.Args);
                Assert.Equal(service.Spec.Containers[0].Image, container.Image);
                Assert.Equal(overlay.SettingsOf(service), overlay.SettingsOf(pod));
                Assert.Contains(container.Env, variable => variable.Name == $"ConnectionStrings__{job.Key}db");
                Assert.Equal("true", pod.GetLabel("needs-postgres"));
                // It must not get requests.
                Assert.Equal(Migration, pod.GetLabel(Labels.Component));
                Assert.Equal("Never", pod.Spec.RestartPolicy);
            }
        );
    }

    /// <summary>The steps of <c>docs/deploy-kubernetes.md</c> select objects by their component.</summary>
    [Theory, InlineData(Overlay.Production), InlineData(Overlay.ProductionWithKeda)]
    public async Task What_a_migration_needs_can_be_applied_before_the_services(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var kinds = overlay
            .Objects.GroupBy(one => one.GetLabel(Labels.Component) ?? "first")
            .ToDictionary(group => group.Key, group => group.Select(one => one.Kind).Distinct().Order().ToArray());

        Assert.Equal(["first", Migration, "service"], kinds.Keys.Order());
        Assert.Equal(["Job"], kinds[Migration]);
        Assert.All(
            ["ConfigMap", "Namespace", "NetworkPolicy", "ServiceAccount"],
            kind => Assert.Contains(kind, kinds["first"])
        );
        Assert.DoesNotContain("Deployment", kinds["first"]);
    }
}
