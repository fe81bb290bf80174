namespace Shop.AppHost.Infrastructure;

/// <summary>
/// A port of its own for gRPC. Without TLS the two sides cannot agree on HTTP/1.1 or HTTP/2 by themselves, so a port
/// speaks one of them. Callers find it as <c>http://_grpc.{service}</c>.
/// </summary>
internal static class GrpcEndpoint
{
    private const string Name = "grpc";

    /// <summary>The port of a container, beside 8080 for everything else.</summary>
    private const int ContainerPort = 8081;

    public static IResourceBuilder<ProjectResource> WithGrpcEndpoint(this IResourceBuilder<ProjectResource> service) =>
        service
            .WithHttpEndpoint(
                name: Name,
                targetPort: service.ApplicationBuilder.ExecutionContext.IsPublishMode ? ContainerPort : null
            )
            .WithEndpoint(Name, endpoint => endpoint.Transport = "http2")
            // A browser that follows the link gets an error, so the link says what it is.
            .WithUrlForEndpoint(Name, url => url.DisplayText = "gRPC")
            .WithEnvironment(context =>
            {
                // ASPNETCORE_URLS cannot say which protocol a port speaks; Kestrel's own settings can, and stand in for it.
                context.EnvironmentVariables.Remove("ASPNETCORE_URLS");
                context.EnvironmentVariables.Remove("HTTP_PORTS");
                foreach (var endpoint in service.Resource.GetEndpoints())
                {
                    var host = context.ExecutionContext.IsPublishMode ? "*" : endpoint.EndpointAnnotation.TargetHost;
                    context.EnvironmentVariables[$"Kestrel__Endpoints__{endpoint.EndpointName}__Url"] =
                        ReferenceExpression.Create($"http://{host}:{endpoint.Property(EndpointProperty.TargetPort)}");
                }

                context.EnvironmentVariables[$"Kestrel__Endpoints__{Name}__Protocols"] = "Http2";
            });
}
