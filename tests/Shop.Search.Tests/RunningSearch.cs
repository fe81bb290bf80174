using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Messaging;
using Shop.Search.Data;
using Shop.Search.Messages;
using Shop.ServiceDefaults;
using Shop.Testing;

[assembly: AssemblyFixture(typeof(InfrastructureFixture))]

namespace Shop.Search.Tests;

/// <summary>Search on a real, migrated database of its own, and a catalog of the test. Tests hand it its events.</summary>
internal sealed class RunningSearch : IAsyncDisposable
{
    private readonly WebApplicationFactory<SearchModule> factory;

    private RunningSearch(WebApplicationFactory<SearchModule> factory, CatalogStandIn catalog, string database)
    {
        this.factory = factory;
        Catalog = catalog;
        Database = database;
        Client = factory.CreateClient();
    }

    public HttpClient Client { get; }

    public CatalogStandIn Catalog { get; }

    public string Database { get; }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<RunningSearch> StartAsync(InfrastructureFixture infrastructure)
    {
        var database = await infrastructure.CreateDatabaseAsync();
        await MigrateAsync(database);
        var catalog = await CatalogStandIn.StartAsync();
        var factory = new WebApplicationFactory<SearchModule>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Development");
            host.UseSetting("ConnectionStrings:searchdb", database);
            host.UseSetting("ConnectionStrings:messaging", "Endpoint=sb://none.test/");
            host.UseSetting("services:catalog:grpc:0", catalog.Url);
            host.UseSetting("Logging:LogLevel:Default", "None");
            host.ConfigureTestServices(RemoveMessagingAtWork);
        });
        return new RunningSearch(factory, catalog, database);
    }

    /// <summary>Runs the verb that brings a database up to date.</summary>
    public static async Task MigrateAsync(string database)
    {
        var exitCode = await ModuleHost.RunAsync<SearchModule>([
            "migrate",
            "--ConnectionStrings:searchdb=" + database,
            "--Logging:LogLevel:Default=None",
        ]);
        Assert.True(exitCode == 0, "The verb migrate failed; see standard error.");
    }

    /// <summary>Hands over an event as the dispatcher does: one scope, one transaction.</summary>
    public async Task ReceiveAsync<TMessage, THandler>(TMessage message)
        where TMessage : class
        where THandler : IMessageHandler<TMessage>
    {
        await using var scope = factory.Services.CreateAsyncScope();
        var context = new MessageContext(Guid.NewGuid().ToString(), "test", null, DateTimeOffset.UnixEpoch, 1);
        await scope.ServiceProvider.GetRequiredService<THandler>().HandleAsync(message, context, Cancel);
    }

    public async Task<Guid> StateAsync(
        string name,
        string description = "Made with care.",
        decimal price = 10,
        string[]? categories = null,
        int stock = 5,
        int version = 1,
        Guid? id = null
    )
    {
        var product = id ?? Guid.CreateVersion7();
        await ReceiveAsync<ProductStated, Index.ProductStatedHandler>(
            new(product, name, description, price, "USD", categories ?? ["home"], Image: null, version, stock)
        );
        return product;
    }

    public Task DeleteAsync(Guid product, int version) =>
        ReceiveAsync<ProductDeleted, Index.ProductDeletedHandler>(new(product, version));

    public Task StockAsync(Guid product, int available, long version) =>
        StockAsync(new StockChanged(product, available, version));

    /// <summary>Hands over events that came at once, as the dispatcher does.</summary>
    public async Task StockAsync(params StockChanged[] levels)
    {
        await using var scope = factory.Services.CreateAsyncScope();
        var context = new MessageContext(Guid.NewGuid().ToString(), "test", null, DateTimeOffset.UnixEpoch, 1);
        await scope
            .ServiceProvider.GetRequiredService<Index.StockChangedHandler>()
            .HandleAsync([.. levels.Select(level => new Received<StockChanged>(level, context))], Cancel);
    }

    public async Task<T> WithAsync<T>(Func<SearchDbContext, IServiceProvider, Task<T>> work)
    {
        await using var scope = factory.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<SearchDbContext>(), scope.ServiceProvider);
    }

    public Task<int> ExecuteAsync(string sql) => WithAsync((db, _) => db.Database.ExecuteSqlRawAsync(sql, Cancel));

    public async ValueTask DisposeAsync()
    {
        await factory.DisposeAsync();
        await Catalog.DisposeAsync();
    }

    private static void RemoveMessagingAtWork(IServiceCollection services)
    {
        var atWork = services
            .Where(service =>
                service.ServiceType == typeof(IHostedService)
                && service.ImplementationType?.Assembly == typeof(MessageContext).Assembly
            )
            .ToList();
        atWork.ForEach(service => services.Remove(service));
    }
}
