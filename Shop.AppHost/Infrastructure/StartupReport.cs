using System.Globalization;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;

namespace Shop.AppHost.Infrastructure;

/// <summary>Says when everything is healthy: how long it took, where to look, and how much memory it all takes.</summary>
internal static class StartupReportExtensions
{
    public static void AddStartupReport(this IDistributedApplicationBuilder builder)
    {
        if (!builder.ExecutionContext.IsPublishMode && !builder.HasRandomPorts())
            builder.Services.AddHostedService<StartupReport>();
    }

    /// <summary>Where Aspire's dashboard is; null if this run has none.</summary>
    public static string? DashboardAddress(this IConfiguration configuration) =>
        configuration["ASPNETCORE_URLS"]?.Split(';')[0];
}

internal sealed class StartupReport(
    DistributedApplicationModel model,
    ResourceNotificationService notifications,
    IConfiguration configuration,
    IHostApplicationLifetime lifetime
) : BackgroundService
{
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        // The host starts background services before the resources.
        await WaitForStartAsync(stoppingToken);
        var services = model.Resources.Where(resource => resource.Annotations.OfType<HealthCheckAnnotation>().Any());
        await Task.WhenAll(
            services.Select(resource => notifications.WaitForResourceHealthyAsync(resource.Name, stoppingToken))
        );

        var gateway = model
            .Resources.OfType<IResourceWithEndpoints>()
            .FirstOrDefault(resource => resource.Name == "gateway");
        var elapsed = TimeProvider.System.GetLocalNow().DateTime - ProcessTree.StartOfCommand();
        var (megabytes, processes) = ProcessTree.Memory();
        var memory =
            processes == 0
                ? ""
                : string.Create(
                    CultureInfo.InvariantCulture,
                    $", {megabytes:N0} MB of memory in {processes} processes"
                );
        Console.WriteLine();
        Console.WriteLine(
            string.Create(
                CultureInfo.InvariantCulture,
                $"The shop is ready after {elapsed.TotalSeconds:0.0} s{memory}."
            )
        );
        Console.WriteLine($"  shop       {gateway?.GetEndpoint("http").Url}");
        if (configuration.DashboardAddress() is { } dashboard)
            Console.WriteLine($"  dashboard  {dashboard}");
        Console.WriteLine();
    }

    private async Task WaitForStartAsync(CancellationToken stoppingToken)
    {
        var started = new TaskCompletionSource();
        await using var registration = lifetime.ApplicationStarted.Register(started.SetResult);
        await started.Task.WaitAsync(stoppingToken);
    }
}
