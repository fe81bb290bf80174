using Microsoft.Extensions.Configuration;
using Shop.AppHost.Infrastructure.Azure;

namespace Shop.AppHost.Infrastructure;

/// <summary>How a bounded context and the gateway are wired, the same for each.</summary>
internal static class ServiceExtensions
{
    /// <summary>
    /// Adds a context: its database <c>{name}db</c> and the service, which brings the database up to date before it serves.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddContext<TProject>(
        this IDistributedApplicationBuilder builder,
        string name,
        ShopInfrastructure infrastructure
    )
        where TProject : IProjectMetadata, new() =>
        builder
            .AddWithDatabase<TProject>(name, infrastructure)
            .WithReference(infrastructure.Messaging)
            .WaitFor(infrastructure.Messaging);

    /// <summary>Adds the web pages with their database for sessions and baskets. All else they get from the gateway.</summary>
    public static IResourceBuilder<ProjectResource> AddStorefront<TProject>(
        this IDistributedApplicationBuilder builder,
        string name,
        ShopInfrastructure infrastructure
    )
        where TProject : IProjectMetadata, new()
    {
        var storefront = builder.AddWithDatabase<TProject>(name, infrastructure);
        if (!builder.ExecutionContext.IsPublishMode && builder.Configuration.DashboardAddress() is { } dashboard)
            // Pages for staff link to traces.
            storefront.WithEnvironment("Storefront__DashboardAddress", dashboard);
        return storefront;
    }

    private static IResourceBuilder<ProjectResource> AddWithDatabase<TProject>(
        this IDistributedApplicationBuilder builder,
        string name,
        ShopInfrastructure infrastructure
    )
        where TProject : IProjectMetadata, new()
    {
        var database = infrastructure.AddDatabase($"{name}db");
        return builder
            .AddProject<TProject>(name)
            .WithDefaults()
            .WithHttpEndpoint()
            .WithReference(database)
            // A process of its own for the verb "migrate" would double what a start costs. Replicas take turns.
            .WithEnvironment("Migrate__AtStart", "true")
            .WaitFor(database)
            .WithHttpHealthCheck("/ready");
    }

    /// <summary>
    /// Adds the gateway on <c>Shop:GatewayPort</c>, 8080 unless told otherwise; published, on the ports for HTTP and HTTPS
    /// of what stands in front of it.
    /// </summary>
    public static IResourceBuilder<ProjectResource> AddGateway<TProject>(
        this IDistributedApplicationBuilder builder,
        string name
    )
        where TProject : IProjectMetadata, new()
    {
        var gateway = builder.AddProject<TProject>(name).WithDefaults();
        if (builder.ExecutionContext.IsPublishMode)
            return gateway.WithPublicEndpoints();
        var port = builder.Configuration.GetValue("Shop:GatewayPort", 8080);
        builder.RequireFreePort(port, "the gateway", "--Shop:GatewayPort=8081");
        return gateway
            .WithHttpEndpoint(port: builder.HasRandomPorts() ? null : port)
            .WithUrlForEndpoint("http", _ => new ResourceUrlAnnotation { Url = "/docs", DisplayText = "API" })
            .WithHttpHealthCheck("/ready")
            .WithExternalHttpEndpoints();
    }

    /// <summary>Tells every service whose access tokens count and where the keys to them are. Call it when all are there.</summary>
    public static void AddIdentity(
        this IDistributedApplicationBuilder builder,
        IResourceBuilder<ProjectResource> issuer,
        IResourceBuilder<ProjectResource> keys
    )
    {
        var isPublished = builder.ExecutionContext.IsPublishMode;
        var address = isPublished
            ? PublicAddress.Of(issuer)
            : ReferenceExpression.Create($"{issuer.GetEndpoint("http")}/");
        if (isPublished)
            keys.WithTokenIssuer(address);
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToList())
            builder.CreateResourceBuilder(service).WithReference(keys).WithEnvironment("Identity__Issuer", address);
    }

    private static IResourceBuilder<ProjectResource> WithDefaults(this IResourceBuilder<ProjectResource> project)
    {
        if (project.ApplicationBuilder.ExecutionContext.IsPublishMode)
            // Load balancers need a moment to notice that a replica is about to stop.
            return project.WithEnvironment("Shutdown__DrainDelay", "00:00:05");
        var environment = project.ApplicationBuilder.Environment.EnvironmentName;
        return project
            .WithAnnotation(BuiltExecutable(project.Resource.GetProjectMetadata()))
            // Without a launch profile a project runs as Production.
            .WithEnvironment("ASPNETCORE_ENVIRONMENT", environment)
            .WithEnvironment("DOTNET_ENVIRONMENT", environment)
            // A developer needs a quick start more than the last of the speed.
            .WithEnvironment("DOTNET_TieredPGO", "0")
            // Aspire has everything exported every second in development; see docs/decisions/0016.
            .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "10000")
            .WithEnvironment("OTEL_BSP_SCHEDULE_DELAY", "5000")
            .WithEnvironment("OTEL_BLRP_SCHEDULE_DELAY", "5000");
    }

    /// <summary>
    /// Starts what the AppHost's build has built. Without it Aspire starts a <c>dotnet run</c> for each service, which costs
    /// seconds and 150 MB. An IDE's debug session ignores it.
    /// </summary>
    private static ExecutableAnnotation BuiltExecutable(IProjectMetadata project)
    {
        var folder = Path.GetDirectoryName(project.ProjectPath)!;
        var name = Path.GetFileNameWithoutExtension(project.ProjectPath);
        return new() { Command = BuildOutput.Executable(folder, name), WorkingDirectory = folder };
    }
}
