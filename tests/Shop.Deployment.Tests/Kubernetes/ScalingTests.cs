using System.Globalization;
using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>How far production scales, and by what.</summary>
public sealed class ScalingTests(PublishedManifest manifest)
{
    private readonly Findings _findings = new();

    [Fact]
    public async Task A_service_scales_from_three_replicas_and_search_further_than_users()
    {
        var overlay = await Overlay.RenderAsync(Overlay.Production);
        _findings.Compare(
            "Autoscalers",
            overlay.Services.Keys,
            overlay.All<V2HorizontalPodAutoscaler>().Select(one => one.Name())
        );
        foreach (var scaler in overlay.All<V2HorizontalPodAutoscaler>())
        {
            var (service, target) = (scaler.Name(), scaler.Spec.ScaleTargetRef);
            _findings.Unless(
                target.Kind == "Deployment" && target.Name == service,
                $"The one of {service} scales {target.Name}."
            );
            _findings.Unless(
                scaler.Spec.MinReplicas == 3,
                $"{service} has {scaler.Spec.MinReplicas} replicas at least, not 3."
            );
        }

        _findings.AssertNone();
        Assert.True(Max("search") > 2 * Max("users"), $"Search scales to {Max("search")}, Users to {Max("users")}.");

        int Max(string service) => overlay.Get<V2HorizontalPodAutoscaler>(service).Spec.MaxReplicas;
    }

    [Fact]
    public async Task With_KEDA_a_context_scales_with_its_queue_and_nothing_else_scales_it()
    {
        var overlay = await Overlay.RenderAsync(Overlay.ProductionWithKeda);
        var without = await Overlay.RenderAsync(Overlay.Production);
        var contexts = AppHostService.In(manifest).Where(service => service.HasQueue).Select(service => service.Name);
        _findings.Compare("ScaledObjects", contexts, overlay.All<ScaledObject>().Select(one => one.Metadata.Name));
        _findings.Compare(
            "Autoscalers",
            AppHostService.In(manifest).Where(service => !service.HasQueue).Select(service => service.Name),
            overlay.All<V2HorizontalPodAutoscaler>().Select(one => one.Name())
        );
        foreach (var scaler in overlay.All<ScaledObject>())
        {
            var (context, spec) = (scaler.Metadata.Name, scaler.Spec);
            var max = without.Get<V2HorizontalPodAutoscaler>(context).Spec.MaxReplicas;
            _findings.Unless(
                spec.ScaleTargetRef.Name == context,
                $"The one of {context} scales {spec.ScaleTargetRef.Name}."
            );
            _findings.Unless(
                (spec.MinReplicaCount, spec.MaxReplicaCount) == (3, max),
                $"{context} has {spec.MinReplicaCount} to {spec.MaxReplicaCount} replicas, not 3 to {max} as without KEDA."
            );
            _findings.Compare(
                $"Triggers of {context}",
                ["azure-servicebus", "cpu"],
                spec.Triggers.Select(trigger => trigger.Type)
            );
            var queue = spec.Triggers[0];
            _findings.Unless(
                queue.Metadata["queueName"] == context,
                $"{context} scales by the queue '{queue.Metadata["queueName"]}'."
            );
            _findings.Unless(
                int.Parse(queue.Metadata["messageCount"], CultureInfo.InvariantCulture) > 0,
                $"{context} has no number of messages for each replica."
            );
            overlay.Get<TriggerAuthentication>(queue.AuthenticationRef!.Name);
        }

        _findings.AssertNone();
    }
}
