using System.Net.Sockets;
using System.Security.Cryptography;
using System.Text;
using Aspire.Hosting.ApplicationModel;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Http;
using Microsoft.AspNetCore.Server.Kestrel.Core;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;

namespace Aspire.Hosting.Dashboard;

/// <summary>Listens for the dashboard on an address of this machine, for callers with the right key only.</summary>
internal sealed class ResourceServiceHost(IServiceProvider services, IConfiguration configuration)
    : IHostedService,
        IAsyncDisposable
{
    private const string ApiKeyHeader = "x-resource-service-api-key";

    private readonly SemaphoreSlim _starting = new(1, 1);
    private WebApplication? _application;

    /// <summary>Where it listens; starts to listen when it does not yet.</summary>
    /// <exception cref="DistributedApplicationException">The address is taken.</exception>
    public async Task<Uri> ListenAsync(CancellationToken ct)
    {
        await _starting.WaitAsync(ct);
        try
        {
            _application ??= await StartListeningAsync(DashboardSettings.Read(configuration), ct);
            return new Uri(_application.Urls.Single());
        }
        finally
        {
            _starting.Release();
        }
    }

    /// <inheritdoc />
    public Task StartAsync(CancellationToken cancellationToken) => ListenAsync(cancellationToken);

    /// <inheritdoc />
    public Task StopAsync(CancellationToken cancellationToken) =>
        _application?.StopAsync(cancellationToken) ?? Task.CompletedTask;

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_application is not null)
        {
            await _application.DisposeAsync();
        }

        _starting.Dispose();
    }

    private async Task<WebApplication> StartListeningAsync(DashboardSettings settings, CancellationToken ct)
    {
        var application = Build(settings);
        try
        {
            await application.StartAsync(ct);
            return application;
        }
        catch (Exception e) when (e is IOException or SocketException)
        {
            await application.DisposeAsync();
            throw new DistributedApplicationException(
                $"The service that tells the dashboard about resources cannot listen on {LocalAddress.Text(settings.Resources)}: {e.Message} "
                    + "End the process that uses the port, or set ASPIRE_RESOURCE_SERVICE_ENDPOINT_URL to another address.",
                e
            );
        }
    }

    private WebApplication Build(DashboardSettings settings)
    {
        // An empty builder reads no configuration: the AppHost's ASPNETCORE_URLS is the dashboard's, not this one's.
        var builder = WebApplication.CreateEmptyBuilder(new WebApplicationOptions());
        builder.WebHost.UseKestrelCore();
        builder.WebHost.ConfigureKestrel(kestrel =>
            kestrel.Listen(
                LocalAddress.Ip(settings.Resources),
                settings.Resources.Port,
                // Without TLS there is nothing by which the two sides could agree on the version.
                listen => listen.Protocols = HttpProtocols.Http2
            )
        );
        builder.Services.AddSingleton<IHostLifetime, HeldByTheAppHost>();
        builder.Services.AddRouting();
        builder.Services.AddGrpc();
        builder.Services.AddSingleton(services.GetRequiredService<ILoggerFactory>());
        builder.Services.AddSingleton(
            new ResourceService(
                services.GetRequiredService<ResourceFeed>(),
                services.GetRequiredService<ResourceLoggerService>(),
                services.GetRequiredService<ResourceCommandService>(),
                services.GetRequiredService<IHostEnvironment>(),
                configuration,
                services.GetRequiredService<IHostApplicationLifetime>(),
                services.GetRequiredService<ILogger<ResourceService>>()
            )
        );

        var application = builder.Build();
        var key = Encoding.UTF8.GetBytes(settings.ResourceServiceApiKey);
        application.Use((context, next) => AuthorizeAsync(context, key, next));
        application.MapGrpcService<ResourceService>();
        return application;
    }

    private static Task AuthorizeAsync(HttpContext context, byte[] key, RequestDelegate next)
    {
        var given = Encoding.UTF8.GetBytes(context.Request.Headers[ApiKeyHeader].ToString());
        if (CryptographicOperations.FixedTimeEquals(given, key))
        {
            return next(context);
        }

        context.Response.StatusCode = StatusCodes.Status401Unauthorized;
        return Task.CompletedTask;
    }

    // Ctrl-C is for the AppHost to handle; it stops this server in its turn.
    private sealed class HeldByTheAppHost : IHostLifetime
    {
        public Task WaitForStartAsync(CancellationToken cancellationToken) => Task.CompletedTask;

        public Task StopAsync(CancellationToken cancellationToken) => Task.CompletedTask;
    }
}
