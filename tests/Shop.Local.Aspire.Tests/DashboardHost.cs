using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Dashboard;
using Aspire.Hosting.Dashboard.Wire;
using Grpc.Core;
using Grpc.Net.Client;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Wire = Aspire.Hosting.Dashboard.Wire;

namespace Shop.Local.Aspire.Tests;

/// <summary>The dashboard's resource service alone, with a client.</summary>
internal sealed class DashboardHost : IAsyncDisposable
{
    private const string ApiKey = "the-right-key";

    private readonly IHost _host;
    private readonly GrpcChannel _channel;

    private DashboardHost(IHost host, GrpcChannel channel)
    {
        _host = host;
        _channel = channel;
        Client = new DashboardService.DashboardServiceClient(channel);
    }

    public DashboardService.DashboardServiceClient Client { get; }

    public ResourceNotificationService Notifications => Get<ResourceNotificationService>();

    public ResourceLoggerService Logs => Get<ResourceLoggerService>();

    public static CancellationToken Ct => TestContext.Current.CancellationToken;

    public static Metadata Key(string key = ApiKey) => new() { { "x-resource-service-api-key", key } };

    public static async Task<DashboardHost> StartAsync()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["AppHost:ResourceService:ApiKey"] = ApiKey;
        builder.Configuration["AppHost:DashboardApplicationName"] = "Shop.AppHost";
        DashboardSettings.AddDefaults(builder.Configuration);
        builder.Services.AddLogging(logging => logging.ClearProviders());
        builder.Services.AddSingleton(TimeProvider.System);
        builder.Services.AddSingleton<ResourceLoggerService>();
        builder.Services.AddSingleton<ResourceNotificationService>();
        builder.Services.AddSingleton(services => new ResourceCommandService(
            services.GetRequiredService<ResourceNotificationService>(),
            services.GetRequiredService<ResourceLoggerService>(),
            services
        ));
        builder.Services.AddSingleton<ResourceFeed>();
        builder.Services.AddHostedService(services => services.GetRequiredService<ResourceFeed>());
        builder.Services.AddSingleton<ResourceServiceHost>();
        var host = builder.Build();
        await host.StartAsync(Ct);
        var address = await host.Services.GetRequiredService<ResourceServiceHost>().ListenAsync(Ct);
        return new DashboardHost(host, GrpcChannel.ForAddress(address));
    }

    public Task PublishAsync(TestResource resource, Func<CustomResourceSnapshot, CustomResourceSnapshot> change) =>
        Notifications.PublishUpdateAsync(resource, change);

    /// <summary>Reads until a resource looks as expected.</summary>
    public async Task<Wire.Resource> WaitForAsync(Func<Wire.Resource, bool> expected)
    {
        using var call = Client.WatchResources(new(), Key(), cancellationToken: Ct);
        await foreach (var update in call.ResponseStream.ReadAllAsync(Ct))
        {
            var resources =
                update.KindCase == WatchResourcesUpdate.KindOneofCase.InitialData
                    ? update.InitialData.Resources
                    : update.Changes.Value.Select(change => change.Upsert);
            if (resources.FirstOrDefault(expected) is { } found)
            {
                return found;
            }
        }

        throw new InvalidOperationException("The stream has ended before the resource came.");
    }

    public async ValueTask DisposeAsync()
    {
        _channel.Dispose();
        await _host.StopAsync(CancellationToken.None);
        await ((IAsyncDisposable)_host).DisposeAsync();
    }

    private T Get<T>()
        where T : notnull => _host.Services.GetRequiredService<T>();
}
