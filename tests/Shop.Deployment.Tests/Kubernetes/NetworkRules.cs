using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>What the network policies of an overlay let through, as Kubernetes decides it.</summary>
internal sealed class NetworkRules(Overlay overlay)
{
    private readonly IReadOnlyList<V1NetworkPolicy> _policies = [.. overlay.All<V1NetworkPolicy>()];

    /// <summary>One pod may call another: a policy lets it out, and a policy lets it in.</summary>
    public bool Allow(V1PodTemplateSpec from, V1PodTemplateSpec to, int port) =>
        Selecting(from, "Egress")
            .SelectMany(policy => policy.Spec.Egress.Or([]))
            .Any(rule => IsPeer(rule.To, to) && IsPort(rule.Ports, port))
        && Selecting(to, "Ingress")
            .SelectMany(policy => policy.Spec.Ingress.Or([]))
            .Any(rule => IsPeer(rule.FromProperty, from) && IsPort(rule.Ports, port));

    /// <summary>Anybody may call it, from outside of the cluster as well.</summary>
    public bool IsOpen(V1PodTemplateSpec pod) =>
        Selecting(pod, "Ingress")
            .SelectMany(policy => policy.Spec.Ingress.Or([]))
            .Any(rule =>
                rule.FromProperty is not { Count: > 0 }
                || rule.FromProperty.Any(peer => peer.IpBlock is not null || peer.NamespaceSelector is not null)
            );

    private List<V1NetworkPolicy> Selecting(V1PodTemplateSpec pod, string type)
    {
        var policies = _policies
            .Where(policy => policy.Spec.PolicyTypes.Contains(type) && Matches(policy.Spec.PodSelector, pod))
            .ToList();
        Assert.True(
            policies.Count > 0,
            $"No policy restricts the {type.ToLowerInvariant()} of {pod.GetLabel(Labels.Name)}."
        );
        return policies;
    }

    private static bool IsPeer(IList<V1NetworkPolicyPeer>? peers, V1PodTemplateSpec pod) =>
        peers is not { Count: > 0 }
        || peers.Any(peer => peer.NamespaceSelector is null && peer.IpBlock is null && Matches(peer.PodSelector, pod));

    private static bool IsPort(IList<V1NetworkPolicyPort>? ports, int port) =>
        ports is not { Count: > 0 } || ports.Any(one => one.Port.Value == $"{port}" && one.Protocol is null or "TCP");

    private static bool Matches(V1LabelSelector selector, V1PodTemplateSpec pod) =>
        (selector.MatchLabels ?? new Dictionary<string, string>()).All(label => pod.GetLabel(label.Key) == label.Value)
        && selector.MatchExpressions.Or([]).All(expression => Matches(expression, pod.GetLabel(expression.Key)));

    private static bool Matches(V1LabelSelectorRequirement expression, string? value) =>
        expression.OperatorProperty switch
        {
            "In" => expression.Values.Contains(value),
            "NotIn" => !expression.Values.Contains(value),
            var other => throw new NotSupportedException($"Add the operator '{other}' to {nameof(NetworkRules)}."),
        };
}
