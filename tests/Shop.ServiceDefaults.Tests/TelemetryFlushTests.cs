using System.Net;
using System.Net.Sockets;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.Logging;

namespace Shop.ServiceDefaults.Tests;

public sealed class TelemetryFlushTests
{
    // Without the flush, the providers wait 5 seconds when they are disposed.
    private static readonly TimeSpan Limit = TimeSpan.FromSeconds(3);

    [Fact]
    public async Task A_stop_does_not_wait_for_a_collector_that_never_answers()
    {
        using var collector = new TcpListener(IPAddress.Loopback, 0);
        collector.Start();
        var builder = WebApplication.CreateSlimBuilder();
        builder.WebHost.UseTestServer();
        builder.Configuration["Identity:Issuer"] = "https://shop.test/";
        builder.Configuration["OTEL_TRACES_SAMPLER"] = "always_on";
        builder.Configuration["OTEL_EXPORTER_OTLP_ENDPOINT"] = $"http://{collector.LocalEndpoint}";
        builder.Configuration["OTEL_EXPORTER_OTLP_PROTOCOL"] = "http/protobuf";
        builder.Configuration["OTEL_EXPORTER_OTLP_TIMEOUT"] = "60000";
        builder.AddServiceDefaults();
        var app = builder.Build();
        app.UseServiceDefaults();
        app.MapGet("/", () => "hello").AllowAnonymous();
        await app.StartAsync(TestContext.Current.CancellationToken);
        await app.GetTestClient().GetStringAsync(new Uri("/", UriKind.Relative), TestContext.Current.CancellationToken);
        app.Logger.LogWarning("something to export");

        await StopAsync(app).WaitAsync(Limit, TestContext.Current.CancellationToken);
    }

    private static async Task StopAsync(WebApplication app)
    {
        await app.StopAsync();
        await app.DisposeAsync();
    }
}
