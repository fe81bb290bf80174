using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>How production replaces pods.</summary>
public sealed class RolloutTests(PublishedManifest manifest)
{
    private readonly Findings _findings = new();

    private IEnumerable<string> Contexts =>
        AppHostService.In(manifest).Where(service => service.HasDatabase).Select(service => service.Name);

    [Theory, InlineData(Overlay.Production), InlineData(Overlay.ProductionWithKeda)]
    public async Task A_services_replicas_are_apart_from_each_other_and_it_loses_one_at_a_time(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        foreach (var (service, deployment) in overlay.Services)
        {
            var pods = deployment.Spec.Selector.MatchLabels;
            var rolling = deployment.Spec.Strategy.RollingUpdate;
            var spreads = deployment.Spec.Template.Spec.TopologySpreadConstraints;
            var budget = overlay.Get<V1PodDisruptionBudget>(service).Spec;
            // The autoscaler's minimum counts; a number here would undo its work at each apply.
            _findings.Unless(deployment.Spec.Replicas is null, $"{service} has a fixed number of replicas.");
            _findings.Unless(
                rolling.MaxUnavailable.Value == "1" && rolling.MaxSurge.Value == "1",
                $"A rollout of {service} takes away {rolling.MaxUnavailable.Value} and adds {rolling.MaxSurge.Value}, not 1 and 1."
            );
            _findings.Compare(
                $"What {service} is spread over",
                ["kubernetes.io/hostname", "topology.kubernetes.io/zone"],
                spreads.Where(one => IsSame(one.LabelSelector.MatchLabels, pods)).Select(one => one.TopologyKey)
            );
            _findings.Unless(
                budget.MaxUnavailable?.Value == "1" && IsSame(budget.Selector.MatchLabels, pods),
                $"{service} may lose {budget.MaxUnavailable?.Value} pods when a node is drained, not 1 of its own."
            );
        }

        _findings.AssertNone();

        static bool IsSame(IDictionary<string, string> one, IDictionary<string, string> other) =>
            one.Count == other.Count && !one.Except(other).Any();
    }

    [Theory, InlineData(Overlay.Production), InlineData(Overlay.ProductionWithKeda)]
    public async Task A_job_migrates_each_database_with_the_image_and_settings_of_its_service(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        _findings.Compare("Jobs", Contexts, overlay.All<V1Job>().Select(job => job.Name()));
        foreach (var job in overlay.All<V1Job>())
        {
            var (pod, service) = (job.Spec.Template, overlay.PodOf(job.Name()));
            var (container, other) = (pod.Spec.Containers[0], service.Spec.Containers[0]);
            var database = $"ConnectionStrings__{job.Name()}db";
            _findings.Unless(container.Args is ["migrate"], $"The job {job.Name()} does not run 'migrate'.");
            _findings.Unless(
                container.Image == other.Image,
                $"The job {job.Name()} runs '{container.Image}', its service '{other.Image}'."
            );
            _findings.Unless(
                overlay.SettingsOf(pod).SequenceEqual(overlay.SettingsOf(service)),
                $"The job {job.Name()} has not the settings of its service."
            );
            _findings.Unless(
                container.Env.Any(one => one.Name == database),
                $"The job {job.Name()} has no {database}."
            );
            _findings.Unless(
                pod.GetLabel("needs-postgres") == "true",
                $"The job {job.Name()} does not reach PostgreSQL."
            );
            _findings.Unless(pod.Spec.RestartPolicy == "Never", $"The job {job.Name()} hides its failures.");
        }

        _findings.AssertNone();
    }

    /// <summary>The steps of <c>docs/deploy-kubernetes.md</c> select objects by their component.</summary>
    [Theory, InlineData(Overlay.Production), InlineData(Overlay.ProductionWithKeda)]
    public async Task What_a_migration_needs_can_be_applied_before_the_services(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        foreach (var one in overlay.Objects)
        {
            var step = one.GetLabel(Labels.Component);
            var expected = one.Kind switch
            {
                "Job" => "migration",
                "ConfigMap" or "Gateway" or "HTTPRoute" or "Namespace" or "NetworkPolicy" or "ServiceAccount" => null,
                "TriggerAuthentication" => null,
                _ => "service",
            };
            _findings.Unless(
                step == expected,
                $"{one.Kind} {one.Metadata.Name} has the component '{step}', not '{expected}'."
            );
        }

        _findings.AssertNone();
    }
}
