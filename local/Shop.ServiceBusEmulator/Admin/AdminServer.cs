using System.Net;
using OpenTelemetry.Metrics;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Admin;

/// <summary>
/// A small HTTP server beside the broker: <c>/healthz</c>, <c>/</c> with entities and counts and <c>/dead-letters</c> as JSON,
/// <c>/metrics</c> in Prometheus' format, and the management that the SDKs' administration clients speak.
/// </summary>
internal static class AdminServer
{
    private const int LargestBody = 1024 * 1024;

    public static async Task<WebApplication> StartAsync(
        IPEndPoint endpoint,
        Topology topology,
        ManagementApi management,
        MeterProvider metrics,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "Shop.ServiceBusEmulator" }
        );
        builder
            .WebHost.UseKestrelCore()
            .ConfigureKestrel(kestrel => kestrel.Limits.MaxRequestBodySize = LargestBody)
            .UseUrls($"http://{endpoint}");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
        // An entity may have the name of one of the pages: first comes what only administration clients ask.
        app.MapWhen(ManagementApi.IsRequest, requests => requests.Run(management.HandleAsync));
        app.UseOpenTelemetryPrometheusScrapingEndpoint(metrics, null, "/metrics", null, null);
        app.UseRouting();
        app.MapGet("/healthz", () => Results.Text("Healthy"));
        app.MapGet("/", () => Results.Json(EntityReport.Counts(topology), AdminJson.Default.IReadOnlyListEntityCounts));
        app.MapGet(
            "/dead-letters",
            () => Results.Json(EntityReport.DeadLetters(topology), AdminJson.Default.IReadOnlyListDeadLetter)
        );
        await app.StartAsync(cancellationToken);
        return app;
    }
}
