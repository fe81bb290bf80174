using Microsoft.Extensions.DependencyInjection;

namespace Aspire.Hosting.Engine;

internal static class EngineServices
{
    public static void AddEngine(this IServiceCollection services)
    {
        services.AddSingleton<DcpAccess>();
        services.AddSingleton<DcpWatcher>();
        services.AddSingleton<EndpointAllocator>();
        services.AddSingleton<Instances>();
        services.AddSingleton<InstanceStates>();
        services.AddSingleton<InstanceStarter>();
        services.AddSingleton<InstanceCommands>();
        services.AddSingleton<LaunchPlanner>();
        services.AddSingleton<UrlPublisher>();
        services.AddSingleton<ParameterInitializer>();
        services.AddSingleton<ConnectionStringPublisher>();
        services.AddSingleton<EngineShutdown>();
        services.AddSingleton<Orchestrator>();
        services.AddHostedService(provider => provider.GetRequiredService<Orchestrator>());
    }
}
