namespace Shop.AppHost.Infrastructure;

internal static class DirectEndpoints
{
    /// <summary>
    /// Leaves out Aspire's proxy in front of every service. After a kill and an immediate start, requests to the proxy sometimes
    /// hang. Without it a service that is down refuses connections at once, and the gateway repeats the request.
    /// </summary>
    public static void UseDirectEndpoints(this IDistributedApplicationBuilder builder) =>
        builder.Eventing.Subscribe<BeforeStartEvent>(
            (start, _) =>
            {
                var services = start.Model.Resources.OfType<ProjectResource>();
                foreach (
                    var endpoint in services.SelectMany(service => service.Annotations.OfType<EndpointAnnotation>())
                )
                    endpoint.IsProxied = false;
                return Task.CompletedTask;
            }
        );
}
