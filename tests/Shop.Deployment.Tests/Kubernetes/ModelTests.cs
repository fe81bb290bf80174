using System.Text.RegularExpressions;
using k8s.Models;

namespace Shop.Deployment.Tests.Kubernetes;

/// <summary>Kubernetes runs what the AppHost describes: a service or a setting that is forgotten on one side fails.</summary>
public sealed partial class ModelTests(PublishedManifest manifest)
{
    // Names for telemetry, which an AppHost that runs gives its services as well.
    private static readonly string[] s_telemetry = ["OTEL_RESOURCE_ATTRIBUTES", "OTEL_SERVICE_NAME", "POD_NAME"];

    private readonly Findings _findings = new();

    private IReadOnlyList<AppHostService> Model => AppHostService.In(manifest);

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task The_services_are_those_of_the_AppHost(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        var services = Model.Select(service => service.Name).ToArray();

        _findings.Compare("Deployments", services, overlay.Services.Keys);
        _findings.Compare(
            "Services",
            services,
            overlay.All<V1Service>().Where(one => one.GetLabel(Labels.Component) == "service").Select(one => one.Name())
        );
        _findings.Compare("ServiceAccounts", services, overlay.All<V1ServiceAccount>().Select(one => one.Name()));
        _findings.Compare(
            "PodDisruptionBudgets",
            services,
            overlay.All<V1PodDisruptionBudget>().Select(one => one.Name())
        );
        _findings.AssertNone();
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_service_has_the_environment_variables_of_the_AppHost(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        foreach (var service in Model)
        {
            var pod = overlay.PodOf(service.Name);
            var shared = overlay.SettingsOf(pod).Select(setting => Setting(setting.Key)).ToHashSet();
            var own = pod
                .Spec.Containers[0]
                .Env.Select(variable => Setting(variable.Name))
                .Except(s_telemetry)
                .ToHashSet();
            var model = service.Variables.Select(Setting).ToHashSet();
            if (name == Overlay.Local)
                model.RemoveWhere(IsOfThePlace); // Development has defaults
            else
                model.Remove("Migrate__AtStart"); // there are jobs for it
            own.RemoveWhere(variable => IsOfThePlace(variable) && !model.Contains(variable));
            _findings.Compare($"Variables of {service.Name}", model.Except(shared), own.Except(shared));
        }

        _findings.AssertNone();

        // Lists may have as many elements as they like.
        static string Setting(string variable) => ListIndex().Replace(variable, "");
        // Addresses and keys, which differ from one deployment to the next.
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
            var variables = overlay.PodOf(service.Name).Spec.Containers[0].Env;
            foreach (var connection in service.Connections)
            {
                var secret = variables
                    .FirstOrDefault(one => one.Name == $"ConnectionStrings__{connection}")
                    ?.ValueFrom?.SecretKeyRef;
                // The secrets that an overlay makes itself end in a hash of their content.
                _findings.Unless(
                    secret is { Key: "connection-string" }
                        && Regex.IsMatch(secret.Name, $"^{connection}(-[a-z0-9]{{10}})?$"),
                    $"{service.Name} takes '{connection}' from '{secret?.Name}', key '{secret?.Key}'."
                );
            }
        }

        _findings.AssertNone();
    }

    [Theory, MemberData(nameof(Overlays.All), MemberType = typeof(Overlays))]
    public async Task A_service_has_the_endpoints_of_the_AppHost_and_is_found_at_them(string name)
    {
        var overlay = await Overlay.RenderAsync(name);
        foreach (var service in Model)
        {
            var ports = overlay.Get<V1Service>(service.Name).Spec.Ports;
            var container = overlay.PodOf(service.Name).Spec.Containers[0];
            _findings.Compare(
                $"Ports of {service.Name}",
                service.Endpoints.Select(one => one.Value ? $"{one.Key} (HTTP/2)" : one.Key),
                ports.Select(port => port.AppProtocol == "kubernetes.io/h2c" ? $"{port.Name} (HTTP/2)" : port.Name)
            );
            foreach (var port in ports)
            {
                _findings.Unless(
                    container.Ports.Any(one => one.Name == port.TargetPort.Value && one.ContainerPort == port.Port),
                    $"{service.Name} does not listen on {port.Port}, its Service's port '{port.Name}'."
                );
            }

            foreach (var (called, endpoint) in service.Calls)
            {
                var port = overlay.Get<V1Service>(called).Spec.Ports.FirstOrDefault(one => one.Name == endpoint)?.Port;
                var address = container
                    .Env.FirstOrDefault(one => one.Name == $"services__{called}__{endpoint}__0")
                    ?.Value;
                _findings.Unless(
                    address == $"http://{called}:{port}",
                    $"{service.Name} looks for {called}'s '{endpoint}' at '{address}', which listens on {port}."
                );
            }
        }

        _findings.AssertNone();
    }

    [GeneratedRegex("__[0-9]+$")]
    private static partial Regex ListIndex();
}
