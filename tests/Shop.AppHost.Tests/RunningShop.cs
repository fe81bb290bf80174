using Aspire.Hosting;
using Aspire.Hosting.ApplicationModel;
using Aspire.Hosting.Testing;
using Shop.AppHost.Tests.Telemetry;
using Shop.Testing;

[assembly: AssemblyFixture(typeof(Shop.AppHost.Tests.RunningShop))]

namespace Shop.AppHost.Tests;

/// <summary>The whole shop, with its telemetry sent to the test.</summary>
public sealed class RunningShop : ShopFixture, IAsyncLifetime
{
    private OtlpReceiver? _telemetry;
    private ShopClient? _client;

    internal OtlpReceiver Telemetry =>
        _telemetry ?? throw new InvalidOperationException("The shop has not been started yet.");

    internal ShopClient Client => _client ??= new ShopClient(Application.GetEndpoint("gateway", "http"));

    async ValueTask IAsyncLifetime.InitializeAsync()
    {
        _telemetry = await OtlpReceiver.StartAsync();
        await InitializeAsync();
    }

    /// <inheritdoc />
    protected override void Configure(IDistributedApplicationTestingBuilder builder)
    {
        ArgumentNullException.ThrowIfNull(builder);
        foreach (var service in builder.Resources.OfType<ProjectResource>().ToList())
        {
            builder
                .CreateResourceBuilder(service)
                .WithEnvironment("OTEL_EXPORTER_OTLP_ENDPOINT", Telemetry.Address)
                .WithEnvironment("OTEL_EXPORTER_OTLP_PROTOCOL", "http/protobuf")
                .WithEnvironment("OTEL_BSP_SCHEDULE_DELAY", "500")
                .WithEnvironment("OTEL_METRIC_EXPORT_INTERVAL", "5000");
        }

        builder
            .CreateResourceBuilder(builder.Resources.OfType<ProjectResource>().Single(one => one.Name == "gateway"))
            .WithEnvironment("Gateway__CorsOrigins__0", CorsTests.Origin);
    }

    async ValueTask IAsyncDisposable.DisposeAsync()
    {
        await DisposeAsync();
        if (_telemetry is not null)
            await _telemetry.DisposeAsync();
    }
}
