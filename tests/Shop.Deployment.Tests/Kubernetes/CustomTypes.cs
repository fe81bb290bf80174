using k8s;
using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

// The fields that the overlays use of types that Kubernetes itself does not know; any other field is an error.
// https://gateway-api.sigs.k8s.io/reference/spec/ and https://keda.sh/docs/latest/reference/scaledobject-spec/

internal abstract class CustomObject<TSpec> : IKubernetesObject<V1ObjectMeta>
{
    public required string ApiVersion { get; set; }

    public required string Kind { get; set; }

    public required V1ObjectMeta Metadata { get; set; }

    public required TSpec Spec { get; set; }
}

internal sealed class Gateway : CustomObject<Gateway.GatewaySpec>
{
    public sealed record GatewaySpec
    {
        public required string GatewayClassName { get; init; }
        public required List<Listener> Listeners { get; init; }
    }

    public sealed record Listener
    {
        public required string Name { get; init; }
        public required string Protocol { get; init; }
        public required int Port { get; init; }
        public required string Hostname { get; init; }
        public Tls? Tls { get; init; }
    }

    public sealed record Tls
    {
        public required string Mode { get; init; }
        public required List<NamedReference> CertificateRefs { get; init; }
    }
}

internal sealed class HttpRoute : CustomObject<HttpRoute.RouteSpec>
{
    public sealed record RouteSpec
    {
        public required List<ParentReference> ParentRefs { get; init; }
        public required List<string> Hostnames { get; init; }
        public required List<Rule> Rules { get; init; }
    }

    public sealed record ParentReference
    {
        public required string Name { get; init; }
        public required string SectionName { get; init; }
    }

    public sealed record Rule
    {
        public List<Backend> BackendRefs { get; init; } = [];
        public List<Filter> Filters { get; init; } = [];
    }

    public sealed record Backend
    {
        public required string Name { get; init; }
        public required int Port { get; init; }
    }

    public sealed record Filter
    {
        public required string Type { get; init; }
        public required Redirect RequestRedirect { get; init; }
    }

    public sealed record Redirect
    {
        public required string Scheme { get; init; }
        public required int StatusCode { get; init; }
    }
}

internal sealed class ScaledObject : CustomObject<ScaledObject.ScaledSpec>
{
    public sealed record ScaledSpec
    {
        public required NamedReference ScaleTargetRef { get; init; }
        public required int MinReplicaCount { get; init; }
        public required int MaxReplicaCount { get; init; }
        public required List<Trigger> Triggers { get; init; }
    }

    public sealed record Trigger
    {
        public required string Type { get; init; }
        public string? MetricType { get; init; }
        public required Dictionary<string, string> Metadata { get; init; }
        public NamedReference? AuthenticationRef { get; init; }
    }
}

internal sealed class TriggerAuthentication : CustomObject<TriggerAuthentication.AuthenticationSpec>
{
    public sealed record AuthenticationSpec
    {
        public required List<SecretTarget> SecretTargetRef { get; init; }
    }

    public sealed record SecretTarget
    {
        public required string Parameter { get; init; }
        public required string Name { get; init; }
        public required string Key { get; init; }
    }
}

internal sealed record NamedReference
{
    public required string Name { get; init; }
}
