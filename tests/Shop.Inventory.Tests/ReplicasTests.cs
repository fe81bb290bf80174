using System.Text.Json;
using Azure.Messaging.ServiceBus;
using Microsoft.AspNetCore.Builder;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Microsoft.Extensions.Logging;
using Npgsql;
using Shop.Inventory.Data;
using Shop.Inventory.Reservations;
using Shop.ServiceDefaults;
using Shop.Testing;

namespace Shop.Inventory.Tests;

/// <summary>Two replicas of the service, as they are, on one database and one queue.</summary>
public sealed class ReplicasTests(InfrastructureFixture infrastructure)
{
    private const int Products = 12;
    private const int Stock = 100;
    private const int Orders = 300;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    /// <summary>
    /// Each transaction serves reservations, commits and releases of many orders with the same few products, so without an
    /// order of locks that both replicas keep they would wait for each other in circles.
    /// </summary>
    [Fact]
    public async Task Under_load_neither_waits_for_the_other_in_a_circle_and_the_books_are_right()
    {
        var database = await infrastructure.CreateDatabaseAsync();
        var messaging = await infrastructure.GetConnectionStringAsync("messaging");
        await using (var first = await StartAsync(database, messaging, migrates: true))
        await using (var second = await StartAsync(database, messaging, migrates: false))
        await using (var bus = new ServiceBusClient(messaging))
        {
            var products = await StockUpAsync(database);
            Guid[] orders = [.. Enumerable.Range(0, Orders).Select(_ => Guid.CreateVersion7())];

            await SendAsync(bus, orders.Select(order => Reserve(order, products)));
            await HandledAsync(database, Orders);
            await SendAsync(
                bus,
                orders.SelectMany(
                    (order, i) =>
                        new[]
                        {
                            Reserve(Guid.CreateVersion7(), products),
                            i % 2 == 0
                                ? Message(CommitStock.Type, new CommitStock(order))
                                : Message(ReleaseStock.Type, new ReleaseStock(order)),
                        }
                )
            );
            await HandledAsync(database, 3 * Orders);
        }

        // A session tells its counters at the latest when it ends.
        Assert.Equal(
            0,
            await QueryAsync<long>(
                database,
                "select deadlocks from pg_stat_database where datname = current_database()"
            )
        );
        Assert.Equal(
            0,
            await QueryAsync<long>(
                database,
                """
                select count(*) from stock_items s join (
                    select product_id, sum(available_change) as available, sum(reserved_change) as reserved
                    from stock_movements group by product_id) m using (product_id)
                where (s.available, s.reserved) is distinct from (m.available, m.reserved)
                """
            )
        );
        Assert.True(
            await QueryAsync<long>(database, "select count(*) from reservations where status = 'Rejected'") > 0,
            "Nobody was turned away: there was more stock than the load wanted, and nothing to fight for."
        );
    }

    private static async Task<WebApplication> StartAsync(string database, string messaging, bool migrates)
    {
        var builder = WebApplication.CreateSlimBuilder(
            new WebApplicationOptions { EnvironmentName = Environments.Development }
        );
        builder.Configuration.AddInMemoryCollection([
            new("ConnectionStrings:inventorydb", database),
            new("ConnectionStrings:messaging", messaging),
        ]);
        builder.AddServiceDefaults();
        builder.Logging.ClearProviders();
        InventoryModule.AddServices(builder);
        builder.WebHost.UseTestServer();
        var replica = builder.Build();
        if (migrates)
        {
            await using var scope = replica.Services.CreateAsyncScope();
            await scope.ServiceProvider.GetRequiredService<InventoryDbContext>().Database.MigrateAsync(Cancel);
        }
        await replica.StartAsync(Cancel);
        return replica;
    }

    private static async Task<Guid[]> StockUpAsync(string database)
    {
        Guid[] products = [.. Enumerable.Range(0, Products).Select(_ => Guid.CreateVersion7())];
        await using var source = NpgsqlDataSource.Create(database);
        await using var command = source.CreateCommand(
            $"""
            with product as (
                insert into stock_items (product_id, available, reserved, version)
                select id, {Stock}, 0, 1 from unnest($1) as p (id) returning product_id
            )
            insert into stock_movements (product_id, kind, quantity, available_change, reserved_change, occurred_at)
            select product_id, 'received', {Stock}, {Stock}, 0, now() from product
            """
        );
        command.Parameters.Add(new NpgsqlParameter { Value = products });
        await command.ExecuteNonQueryAsync(Cancel);
        return products;
    }

    private static ServiceBusMessage Reserve(Guid order, Guid[] products)
    {
        var first = Math.Abs(order.GetHashCode() % products.Length);
        var items = Enumerable
            .Range(0, 3)
            .Select(i => new ReserveStockItem(products[(first + (5 * i)) % products.Length], 1))
            .ToArray();
        return Message(ReserveStock.Type, new ReserveStock(order, items));
    }

    private static ServiceBusMessage Message<TCommand>(string type, TCommand command) =>
        new(JsonSerializer.Serialize(command, JsonSerializerOptions.Web))
        {
            MessageId = Guid.CreateVersion7().ToString(),
            Subject = type,
            ContentType = "application/json",
        };

    private static async Task SendAsync(ServiceBusClient bus, IEnumerable<ServiceBusMessage> messages)
    {
        await using var sender = bus.CreateSender(InventoryModule.Name);
        foreach (var batch in messages.Chunk(100))
        {
            await sender.SendMessagesAsync(batch, Cancel);
        }
    }

    // Two services, a bus and a database share what the machine has left for them.
    private static async Task HandledAsync(string database, int count)
    {
        using var limit = new CancellationTokenSource(TimeSpan.FromMinutes(2));
        while (
            await QueryAsync<long>(database, "select count(*) from inbox_messages") is var handled && handled < count
        )
        {
            Assert.False(
                limit.IsCancellationRequested,
                $"Only {handled} of {count} messages were handled in 2 minutes."
            );
            await Task.Delay(100, Cancel);
        }
    }

    private static async Task<T> QueryAsync<T>(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return (T)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
