using Azure.Messaging.ServiceBus;
using Microsoft.EntityFrameworkCore;
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

    [Fact]
    public void A_database_context_is_registered_with_retries_and_a_health_check_of_its_name()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Configuration["ConnectionStrings:ordersdb"] = "Host=127.0.0.1;Database=orders;Username=x";
        builder.AddNpgsqlDbContext<OrdersContext>("ordersdb");
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();

        var context = scope.ServiceProvider.GetRequiredService<OrdersContext>();

        Assert.True(context.Database.CreateExecutionStrategy().RetriesOnFailure);
        Assert.Equal("Host=127.0.0.1;Database=orders;Username=x", context.Database.GetConnectionString());
        var checks =
            host.Services.GetRequiredService<Microsoft.Extensions.Options.IOptions<HealthCheckServiceOptions>>();
        Assert.Contains(checks.Value.Registrations, check => check.Name == nameof(OrdersContext));
    }

    [Fact]
    public void A_database_context_without_connection_string_says_what_to_set()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.AddNpgsqlDbContext<OrdersContext>("ordersdb");
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();

        var error = Assert.Throws<InvalidOperationException>(() =>
            scope.ServiceProvider.GetRequiredService<OrdersContext>()
        );

        Assert.Contains("ConnectionStrings:ordersdb", error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void A_database_context_registered_elsewhere_gets_retries_and_its_timeout()
    {
        var builder = Host.CreateEmptyApplicationBuilder(null);
        builder.Services.AddDbContext<OrdersContext>(options => options.UseNpgsql("Host=127.0.0.1"));
        builder.EnrichNpgsqlDbContext<OrdersContext>(settings => settings.CommandTimeout = 7);
        using var host = builder.Build();
        using var scope = host.Services.CreateScope();

        var context = scope.ServiceProvider.GetRequiredService<OrdersContext>();

        Assert.True(context.Database.CreateExecutionStrategy().RetriesOnFailure);
        Assert.Equal(7, context.Database.GetCommandTimeout());
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

    private sealed class OrdersContext(DbContextOptions<OrdersContext> options) : DbContext(options);
}
