using System.Text.Json;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.DependencyInjection.Extensions;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.Messaging;
using Shop.Ordering.Data;
using Shop.Ordering.Messages;
using Shop.Ordering.Saga;
using Shop.Ordering.Views;
using Shop.Testing;

namespace Shop.Ordering.Tests.Support;

/// <summary>
/// The ordering service on a PostgreSQL database of its own, with a catalog of the test. Messages are not relayed: they
/// stay in the outbox, where tests read them, and tests hand the service its replies.
/// </summary>
public sealed class OrderingApp(string connectionString) : WebApplicationFactory<OrderingModule>
{
    private CatalogStandIn _catalog = null!;
    private TestTokens _tokens = null!;

    internal CatalogStandIn Catalog => _catalog;

    public static async Task<OrderingApp> StartAsync(string connectionString)
    {
        var app = new OrderingApp(connectionString)
        {
            _catalog = await CatalogStandIn.StartAsync(),
            _tokens = await TestTokens.StartAsync(),
        };
        // The real server, so that its limits are in the tests too.
        app.UseKestrel(0);
        await app.InDatabaseAsync(db => db.Database.MigrateAsync());
        return app;
    }

    public HttpClient ClientOf(Guid userId, string role = "customer")
    {
        var client = CreateClient();
        client.DefaultRequestHeaders.Authorization = _tokens.Bearer(userId, role);
        return client;
    }

    internal async Task<T> InDatabaseAsync<T>(Func<OrderingDbContext, Task<T>> read)
    {
        await using var scope = Services.CreateAsyncScope();
        return await read(scope.ServiceProvider.GetRequiredService<OrderingDbContext>());
    }

    internal Task InDatabaseAsync(Func<OrderingDbContext, Task> act) =>
        InDatabaseAsync(async db =>
        {
            await act(db);
            return true;
        });

    /// <summary>Hands the service a message as the dispatcher does: one scope, one save.</summary>
    internal async Task ReceiveAsync<TMessage>(TMessage message)
    {
        await using var scope = Services.CreateAsyncScope();
        var handler = message switch
        {
            StepDeadline => typeof(StepDeadlineHandler),
            ISagaReply => typeof(SagaReplyHandler<>).MakeGenericType(typeof(TMessage)),
            OfferedProduct or DeletedProduct => typeof(ProductProjection),
            _ => typeof(OrderProjection),
        };
        var context = new MessageContext("test", "test", null, DateTimeOffset.UnixEpoch, 1);
        await ((IMessageHandler<TMessage>)scope.ServiceProvider.GetRequiredService(handler)).HandleAsync(
            message,
            context,
            CancellationToken.None
        );
        await scope.ServiceProvider.GetRequiredService<OrderingDbContext>().SaveChangesAsync();
    }

    /// <summary>The types and bodies of the messages about an order that wait in the outbox, oldest first.</summary>
    internal async Task<List<(string Type, JsonElement Body)>> SentAsync(Guid orderId)
    {
        await using var connection = new NpgsqlConnection(connectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(
            "SELECT type, body::text FROM outbox_messages WHERE correlation_id = $1 ORDER BY id",
            connection
        );
        command.Parameters.AddWithValue(orderId.ToString());
        await using var rows = await command.ExecuteReaderAsync();
        List<(string, JsonElement)> sent = [];
        while (await rows.ReadAsync())
        {
            sent.Add((rows.GetString(0), JsonSerializer.Deserialize<JsonElement>(rows.GetString(1))));
        }

        return sent;
    }

    /// <summary>Hands the read side the events about an order that wait in the outbox, oldest first unless told otherwise.</summary>
    internal async Task ProjectAsync(Guid orderId, bool newestFirst = false, int times = 1)
    {
        var sent = await SentAsync(orderId);
        if (newestFirst)
        {
            sent.Reverse();
        }

        for (var time = 0; time < times; time++)
        {
            foreach (var (type, body) in sent)
            {
                await ProjectAsync(type, body);
            }
        }
    }

    private Task ProjectAsync(string type, JsonElement body) =>
        type switch
        {
            "shop.ordering.order-created.v1" => ReceiveAsync(Read<PlacedOrder>(body)),
            "shop.ordering.order-confirmed.v1" => ReceiveAsync(Read<ConfirmedOrder>(body)),
            "shop.ordering.order-shipped.v1" => ReceiveAsync(Read<ShippedOrder>(body)),
            "shop.ordering.order-delivered.v1" => ReceiveAsync(Read<DeliveredOrder>(body)),
            "shop.ordering.order-cancelled.v1" => ReceiveAsync(Read<CancelledOrder>(body)),
            _ => Task.CompletedTask,
        };

    private static T Read<T>(JsonElement body) => body.Deserialize<T>(JsonSerializerOptions.Web)!;

    protected override void ConfigureWebHost(IWebHostBuilder builder)
    {
        builder.UseEnvironment(Environments.Development);
        builder.UseSetting("ConnectionStrings:orderingdb", connectionString);
        builder.UseSetting(
            "ConnectionStrings:messaging",
            "Endpoint=sb://127.0.0.1:1;SharedAccessKeyName=none;SharedAccessKey=none;UseDevelopmentEmulator=true"
        );
        builder.UseSetting("services:catalog:grpc:0", _catalog.Url);
        foreach (var (setting, value) in _tokens.Settings)
        {
            builder.UseSetting(setting, value);
        }

        builder.ConfigureTestServices(services =>
        {
            RemoveRelayDispatcherAndLogs(services);
            // Of which rows the database takes some, is to be said.
            services.ConfigureDbContext<OrderingDbContext>(options =>
                options.ConfigureWarnings(warnings =>
                    warnings.Throw(CoreEventId.RowLimitingOperationWithoutOrderByWarning)
                )
            );
        });
    }

    public override async ValueTask DisposeAsync()
    {
        await base.DisposeAsync();
        await _catalog.DisposeAsync();
        await _tokens.DisposeAsync();
    }

    private static void RemoveRelayDispatcherAndLogs(IServiceCollection services)
    {
        var messaging = services
            .Where(service =>
                service.ServiceType == typeof(IHostedService)
                && service.ImplementationType?.Assembly == typeof(MessageContext).Assembly
            )
            .ToList();
        foreach (var service in messaging)
        {
            services.Remove(service);
        }

        // Lost races and a Catalog that is down are what the tests are about; their logs would hide the results.
        services.RemoveAll<ILoggerProvider>();
    }
}
