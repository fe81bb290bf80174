using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Options;

namespace Shop.ServiceDefaults.Shutdown;

internal static class ShutdownSetup
{
    /// <summary>
    /// A stop has this order: <c>/ready</c> fails, the server stops listening and finishes requests, receivers finish their
    /// messages, relays finish their batches, telemetry is exported.
    /// </summary>
    public static void AddShutdown(this IServiceCollection services)
    {
        services.AddSettings<ShutdownOptions>(ShutdownOptions.Section);
        services
            .AddOptions<HostOptions>()
            .Configure<IOptions<ShutdownOptions>>((host, shutdown) => host.ShutdownTimeout = shutdown.Value.Timeout);
        services.AddSingleton<Draining>();
        services.AddHostedService(provider => provider.GetRequiredService<Draining>());
    }

    /// <summary>
    /// Ends a client's connection with the answer it gets while the process drains. Otherwise the client would keep it, and a
    /// request could meet its end.
    /// </summary>
    public static void UseDraining(this WebApplication app)
    {
        var draining = app.Services.GetRequiredService<Draining>();
        app.Use(
            (context, next) =>
            {
                // HTTP/2 has a message of its own for it, which the server sends.
                if (draining.IsStopping && HttpProtocol.IsHttp11(context.Request.Protocol))
                {
                    context.Response.OnStarting(Close, context);
                }

                return next(context);
            }
        );
    }

    private static Task Close(object context)
    {
        ((HttpContext)context).Response.Headers.Connection = "close";
        return Task.CompletedTask;
    }
}
