using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Diagnostics.HealthChecks;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceBus.Tests;

public sealed class ClientAspireTests : ClientTest
{
    [Fact]
    public async Task The_registered_client_reaches_the_broker_and_its_health_check_tells_so()
    {
        await using var broker = await ClientBroker.StartAsync(["orders"]);
        using var host = Build(broker.ConnectionString, "orders");

        await using var sender = host.Services.GetRequiredService<ServiceBusClient>().CreateSender("orders");
        await sender.SendMessageAsync(new ServiceBusMessage("x"), Cancelled);
        var healthy = await CheckAsync(host);
        Assert.Equal(HealthStatus.Healthy, healthy.Entries["Azure_ServiceBusClient"].Status);

        using var wrong = Build(broker.ConnectionString, "nowhere");
        var unhealthy = await CheckAsync(wrong);
        Assert.Equal(HealthStatus.Unhealthy, unhealthy.Entries["Azure_ServiceBusClient"].Status);
    }

    [Fact]
    public void A_missing_connection_string_is_named_when_the_client_is_needed()
    {
        using var host = Build(connectionString: null, "orders");

        var error = Assert.ThrowsAny<Exception>(() => host.Services.GetRequiredService<ServiceBusClient>());

        Assert.Contains("ConnectionStrings:messaging", error.GetBaseException().Message, StringComparison.Ordinal);
    }

    private static IHost Build(string? connectionString, string queue)
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:messaging"] = connectionString;
        builder.AddAzureServiceBusClient("messaging", settings => settings.HealthCheckQueueName = queue);
        return builder.Build();
    }

    private static Task<HealthReport> CheckAsync(IHost host) =>
        host.Services.GetRequiredService<HealthCheckService>().CheckHealthAsync(Cancelled);
}
