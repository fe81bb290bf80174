using System.Diagnostics;
using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;
using OpenTelemetry.Trace;

namespace Shop.ServiceBus.Tests;

/// <summary>
/// What <c>AddAzureServiceBusClient</c> does, be it from the package or from the project that takes its place where the
/// feed does not serve the package.
/// </summary>
public sealed class AspireServiceBusClientTests(EmulatorFixture fixture) : SdkTest, IClassFixture<EmulatorFixture>
{
    [Theory]
    [InlineData("queue-1", HealthStatus.Healthy)]
    [InlineData("nowhere", HealthStatus.Unhealthy)]
    public async Task The_health_check_tells_whether_its_queue_is_there(string queue, HealthStatus expected)
    {
        using var host = Build(fixture.ConnectionString, queue);

        var report = await host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancelled);

        Assert.Equal(expected, report.Entries["Azure_ServiceBusClient"].Status);
    }

    [Theory]
    [InlineData("shop.servicebus.windows.net")]
    [InlineData("Endpoint=sb://shop.servicebus.windows.net/")]
    [InlineData("https://shop.servicebus.windows.net:443/")]
    public void The_address_of_a_namespace_does_for_a_connection_string(string address)
    {
        using var host = Build(address);

        var client = host.Services.GetRequiredService<ServiceBusClient>();

        Assert.Equal("shop.servicebus.windows.net", client.FullyQualifiedNamespace);
    }

    [Fact]
    public void A_missing_connection_string_is_named_when_the_client_is_needed()
    {
        using var host = Build(connectionString: null);

        var error = Assert.ThrowsAny<Exception>(() => host.Services.GetRequiredService<ServiceBusClient>());

        Assert.Contains("ConnectionStrings:messaging", error.GetBaseException().Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public void Spans_are_collected_if_the_switch_of_the_SDK_is_on(bool on)
    {
        AppContext.SetSwitch("Azure.Experimental.EnableActivitySource", on);
        using var host = Build(fixture.ConnectionString);
        _ = host.Services.GetService<TracerProvider>();

        using var source = new ActivitySource("Azure.Messaging.ServiceBus.ServiceBusSender");

        Assert.Equal(on, source.HasListeners());
    }

    private static IHost Build(string? connectionString, string? queue = null)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:messaging"] = connectionString;
        builder.AddAzureServiceBusClient("messaging", settings => settings.HealthCheckQueueName = queue);
        return builder.Build();
    }
}
