using Aspire.Hosting.Lifecycle;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;

namespace Aspire.Hosting.Dashboard;

/// <summary>Registers the dashboard.</summary>
internal static class DashboardServices
{
    /// <summary>
    /// Starts the dashboard with the application, and completes the configuration with its addresses and keys:
    /// <c>ASPIRE_DASHBOARD_OTLP_ENDPOINT_URL</c> and <c>AppHost:OtlpApiKey</c> are what projects send telemetry with.
    /// </summary>
    public static IServiceCollection AddDashboard(this IServiceCollection services, IConfigurationManager configuration)
    {
        DashboardSettings.AddDefaults(configuration);
        services.TryAddSingleton(TimeProvider.System);
        services.AddSingleton<ResourceFeed>();
        services.AddHostedService(provider => provider.GetRequiredService<ResourceFeed>());
        services.AddSingleton<ResourceServiceHost>();
        services.AddHostedService(provider => provider.GetRequiredService<ResourceServiceHost>());
        services.AddHostedService<DashboardMonitor>();
        services.AddEventingSubscriber<DashboardProcess>();
        return services;
    }
}
