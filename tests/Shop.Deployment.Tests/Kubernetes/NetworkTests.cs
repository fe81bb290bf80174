using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>Who reaches whom: the calls that the AppHost describes, and no others.</summary>
public sealed class NetworkTests(PublishedManifest manifest)
{
    private IReadOnlyList<AppHostService> Model => AppHostService.In(manifest);

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_service_reaches_only_what_it_calls(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var rules = new NetworkRules(overlay);
        foreach (var caller in Model)
        {
            var from = overlay.Services[caller.Name].Spec.Template;
            // Anybody may call what is reachable from outside; that a service does not is its own policy's work.
            foreach (var called in Model)
            {
                foreach (var port in overlay.Get<V1Service>(called.Name).Spec.Ports)
                {
                    var allowed = rules.Allow(from, overlay.Services[called.Name].Spec.Template, port.Port);
                    Assert.Equal(
                        (caller.Name, called.Name, port.Name, caller.Calls.Contains((called.Name, port.Name))),
                        (caller.Name, called.Name, port.Name, allowed)
                    );
                }
            }
        }
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task Only_the_gateway_is_reachable_from_outside(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var rules = new NetworkRules(overlay);

        Assert.Equal(["gateway"], Model.Where(service => service.IsExternal).Select(service => service.Name));
        Assert.Equal(["Deployment gateway"], overlay.Pods.Where(pod => rules.IsOpen(pod.Value)).Select(pod => pod.Key));
        Assert.All(overlay.All<V1Service>(), service => Assert.Equal("ClusterIP", service.Spec.Type ?? "ClusterIP"));
        Assert.All(
            overlay.All<HttpRoute>().SelectMany(route => route.Spec.Rules).SelectMany(rule => rule.BackendRefs),
            backend => Assert.Equal(("gateway", 8080), (backend.Name, backend.Port))
        );
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_service_reaches_the_servers_that_it_has_connection_strings_for(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var rules = new NetworkRules(overlay);
        var servers = Model.SelectMany(service => service.Servers).ToHashSet();
        foreach (var service in Model)
        {
            var pod = overlay.Services[service.Name].Spec.Template;
            var needs = servers.Where(server => pod.GetLabel($"needs-{server}") == "true");
            Assert.Equal(
                (service.Name, string.Join(", ", service.Servers.Order())),
                (service.Name, string.Join(", ", needs.Order()))
            );
        }

        foreach (var server in servers)
        {
            var policy = overlay.Get<V1NetworkPolicy>($"needs-{server}").Spec;
            Assert.Equal([KeyValuePair.Create($"needs-{server}", "true")], policy.PodSelector.MatchLabels);
            Assert.NotEmpty(Assert.Single(policy.Egress).To);
            if (name == Overlay.Local)
            {
                var pod = overlay.Pods.Single(one => one.Value.GetLabel(Labels.Name) == server).Value;
                var port = overlay.Get<V1Service>(server).Spec.Ports[0].Port;
                Assert.Equal(
                    Model.Where(service => service.Servers.Contains(server)).Select(service => service.Name),
                    Model
                        .Where(service => rules.Allow(overlay.Services[service.Name].Spec.Template, pod, port))
                        .Select(service => service.Name)
                );
            }
        }
    }
}
