using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Eventing;
using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Adds the dashboard to the resources, so that it starts and ends as they do.</summary>
internal sealed class DashboardProcess(
    IConfiguration configuration,
    ResourceServiceHost resources,
    ILogger<DistributedApplication> logger
) : IDistributedApplicationEventingSubscriber
{
    /// <inheritdoc />
    public Task SubscribeAsync(
        IDistributedApplicationEventing eventing,
        DistributedApplicationExecutionContext executionContext,
        CancellationToken cancellationToken
    )
    {
        if (executionContext.IsRunMode)
        {
            eventing.Subscribe<BeforeStartEvent>((started, ct) => AddAsync(started.Model, ct));
        }

        return Task.CompletedTask;
    }

    private async Task AddAsync(DistributedApplicationModel model, CancellationToken ct)
    {
        var settings = DashboardSettings.Read(configuration);
        foreach (var address in settings.Pages)
        {
            LocalAddress.EnsureFree("ASPNETCORE_URLS", address);
        }

        LocalAddress.EnsureFree("ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL", settings.Otlp);
        var bundle = await AspireBundle.EnsureAsync(logger, ct);
        var dashboard = new ExecutableResource(
            DashboardSettings.ResourceName,
            bundle.Managed,
            Path.GetDirectoryName(bundle.Managed)!
        );
        dashboard.Annotations.Add(new CommandLineArgsCallbackAnnotation(args => args.Add("dashboard")));
        dashboard.Annotations.Add(
            new EnvironmentCallbackAnnotation(async context =>
            {
                var uri = await resources.ListenAsync(context.CancellationToken);
                foreach (var (name, value) in settings.Environment(uri))
                {
                    context.EnvironmentVariables[name] = value;
                }
            })
        );
        dashboard.Annotations.Add(
            new ResourceSnapshotAnnotation(
                new CustomResourceSnapshot
                {
                    ResourceType = "Executable",
                    Properties = [],
                    IsHidden = true,
                }
            )
        );

        // First, because it is the one that people wait for.
        model.Resources.Insert(0, dashboard);
    }
}
