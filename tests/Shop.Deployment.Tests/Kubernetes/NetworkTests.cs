using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>Who reaches whom: the calls that the AppHost describes, and no others.</summary>
public sealed class NetworkTests(PublishedManifest manifest)
{
    private readonly Findings _findings = new();

    private IReadOnlyList<AppHostService> Model => AppHostService.In(manifest);

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_service_reaches_only_what_it_calls(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var rules = new NetworkRules(overlay);
        foreach (var caller in Model)
        {
            var reached =
                from called in Model
                from port in overlay.Get<V1Service>(called.Name).Spec.Ports
                where rules.Allow(overlay.PodOf(caller.Name), overlay.PodOf(called.Name), port.Port)
                select $"{called.Name} ({port.Name})";
            _findings.Compare(
                $"What {caller.Name} reaches",
                caller.Calls.Select(call => $"{call.Service} ({call.Endpoint})"),
                reached
            );
        }

        _findings.AssertNone();
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task Only_the_gateway_is_reachable_from_outside(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var rules = new NetworkRules(overlay);
        var external = Model
            .Where(service => service.IsExternal)
            .Select(service => $"Deployment {service.Name}")
            .ToArray();

        Assert.Equal(["Deployment gateway"], external);
        _findings.Compare(
            "Open to everybody",
            external,
            overlay.Pods.Where(pod => rules.IsOpen(pod.Value)).Select(pod => pod.Key)
        );
        foreach (var service in overlay.All<V1Service>())
            _findings.Unless(
                service.Spec.Type is null or "ClusterIP",
                $"The Service {service.Name()} is a {service.Spec.Type}."
            );
        foreach (
            var backend in overlay
                .All<HttpRoute>()
                .SelectMany(route => route.Spec.Rules)
                .SelectMany(rule => rule.BackendRefs)
        )
            _findings.Unless(
                backend is { Name: "gateway", Port: 8080 },
                $"A route leads to {backend.Name}:{backend.Port}."
            );
        _findings.AssertNone();
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_service_reaches_the_servers_that_it_has_connection_strings_for(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var rules = new NetworkRules(overlay);
        var servers = Model.SelectMany(service => service.Servers).ToHashSet();
        foreach (var server in servers)
        {
            var policy = overlay.Get<V1NetworkPolicy>($"needs-{server}").Spec;
            Assert.Equal([KeyValuePair.Create($"needs-{server}", "true")], policy.PodSelector.MatchLabels);
            Assert.NotEmpty(Assert.Single(policy.Egress).To);
        }

        foreach (var service in Model)
        {
            _findings.Compare(
                $"Servers that {service.Name} reaches",
                service.Servers,
                servers.Where(server => Reaches(overlay.PodOf(service.Name), server))
            );
        }

        _findings.AssertNone();

        bool Reaches(V1PodTemplateSpec pod, string server) =>
            name == Overlay.Local
                ? rules.Allow(pod, overlay.Server(server), overlay.Get<V1Service>(server).Spec.Ports[0].Port)
                : pod.GetLabel($"needs-{server}") == "true";
    }
}
