using System.Net;
using OpenTelemetry.Metrics;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Admin;

/// <summary>
/// A small HTTP server beside the broker: <c>/healthz</c>, <c>/</c> with entities and counts and <c>/dead-letters</c> as JSON,
/// and <c>/metrics</c> in Prometheus' format.
/// </summary>
internal static class AdminServer
{
    public static async Task<WebApplication> StartAsync(
        IPEndPoint endpoint,
        Topology topology,
        MeterProvider metrics,
        CancellationToken cancellationToken
    )
    {
        var builder = WebApplication.CreateEmptyBuilder(
            new WebApplicationOptions { ApplicationName = "Shop.ServiceBusEmulator" }
        );
        builder.WebHost.UseKestrelCore().UseUrls($"http://{endpoint}");
        builder.Services.AddRoutingCore();
        var app = builder.Build();
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
