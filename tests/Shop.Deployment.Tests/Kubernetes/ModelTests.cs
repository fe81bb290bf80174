using System.Text.RegularExpressions;
using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>Kubernetes runs what the AppHost describes: a service or a setting that is forgotten on one side fails.</summary>
public sealed partial class ModelTests(PublishedManifest manifest)
{
    // Names for telemetry, which an AppHost that runs gives its services as well.
    private static readonly string[] s_telemetry = ["OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME", "POD_NAME"];

    private IReadOnlyList<AppHostService> Model => AppHostService.In(manifest);

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task The_services_are_those_of_the_AppHost(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var expected = Model.Select(service => service.Name).Order();

        Assert.Equal(expected, overlay.Services.Keys.Order());
        Assert.Equal(
            expected,
            overlay
                .All<V1Service>()
                .Where(one => one.GetLabel(Labels.Component) == "service")
                .Select(one => one.Name())
                .Order()
        );
        Assert.Equal(expected, overlay.All<V1ServiceAccount>().Select(one => one.Name()).Order());
        Assert.Equal(expected, overlay.All<V1PodDisruptionBudget>().Select(one => one.Name()).Order());
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_service_has_the_environment_variables_of_the_AppHost(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        foreach (var service in Model)
        {
            var pod = overlay.Services[service.Name].Spec.Template;
            var shared = overlay.SettingsOf(pod).Select(setting => Setting(setting.Key)).ToHashSet();
            var own = pod
                .Spec.Containers[0]
                .Env.Select(variable => Setting(variable.Name))
                .Except(s_telemetry)
                .ToHashSet();
            var model = service.Variables.Select(Setting).ToHashSet();
            if (name != Overlay.Local)
            {
                model.Remove("Migrate__AtStart"); // there are jobs for it
                Assert.Empty(model.Where(IsOfThePlace).Except(shared).Except(own));
            }

            Assert.Equal((service.Name, Join(model.Except(shared))), (service.Name, Join(own.Except(shared))));
        }

        // Lists may have as many elements as they like.
        static string Setting(string variable) => ListIndex().Replace(variable, "");
        static string Join(IEnumerable<string> names) =>
            string.Join(", ", names.Where(one => !IsOfThePlace(one)).Order(StringComparer.Ordinal));
        // Addresses and keys that Development has defaults for.
        static bool IsOfThePlace(string setting) =>
            setting.StartsWith("Gateway__", StringComparison.Ordinal)
            || (setting.StartsWith("Identity__", StringComparison.Ordinal) && setting != "Identity__Issuer");
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_connection_string_comes_from_the_secret_of_its_name(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        foreach (var service in Model)
        {
            var variables = overlay.Services[service.Name].Spec.Template.Spec.Containers[0].Env;
            foreach (var connection in service.Connections)
            {
                var secret = variables
                    .Single(one => one.Name == $"ConnectionStrings__{connection}")
                    .ValueFrom.SecretKeyRef;
                // The secrets that an overlay makes itself end in a hash of their content.
                Assert.Matches($"^{connection}(-[a-z0-9]{{10}})?$", secret.Name);
                Assert.Equal("connection-string", secret.Key);
            }
        }
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_service_has_the_endpoints_of_the_AppHost_and_is_found_at_them(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        foreach (var service in Model)
        {
            var endpoints = overlay.Get<V1Service>(service.Name).Spec.Ports;
            Assert.Equal(
                service.Endpoints.OrderBy(one => one.Key),
                endpoints
                    .OrderBy(port => port.Name)
                    .Select(port => KeyValuePair.Create(port.Name, port.AppProtocol == "kubernetes.io/h2c"))
            );
            var container = overlay.Services[service.Name].Spec.Template.Spec.Containers[0];
            Assert.All(
                endpoints,
                port =>
                    Assert.Contains(
                        container.Ports,
                        one => one.Name == port.TargetPort.Value && one.ContainerPort == port.Port
                    )
            );
            foreach (var (called, endpoint) in service.Calls)
            {
                var port = overlay.Get<V1Service>(called).Spec.Ports.Single(one => one.Name == endpoint).Port;
                Assert.Equal(
                    $"http://{called}:{port}",
                    container.Env.Single(one => one.Name == $"services__{called}__{endpoint}__0").Value
                );
            }
        }
    }

    [GeneratedRegex("__[0-9]+$")]
    private static partial Regex ListIndex();
}
