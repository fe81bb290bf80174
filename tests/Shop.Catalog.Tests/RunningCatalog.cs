using System.Net.Http.Headers;
using Grpc.Net.Client;
using Microsoft.AspNetCore.Hosting;
using Microsoft.AspNetCore.Mvc.Testing;
using Microsoft.AspNetCore.TestHost;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Catalog.Data;
using Shop.Catalog.Rpc.V1;
using Shop.Catalog.Tests;
using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.Testing;

[assembly: AssemblyFixture(typeof(RunningCatalog))]

namespace Shop.Catalog.Tests;

/// <summary>The catalogue on a real, migrated and seeded database. It sends nothing, so what it would send can be read.</summary>
public sealed class RunningCatalog : IAsyncLifetime
{
    private readonly InfrastructureFixture infrastructure = new();
    private WebApplicationFactory<CatalogModule>? factory;
    private TestTokens? tokens;
    private string database = "";
    private string cache = "";

    private WebApplicationFactory<CatalogModule> Factory =>
        factory ?? throw new InvalidOperationException("The catalogue has not been started yet.");

    private TestTokens Tokens => tokens ?? throw new InvalidOperationException("Nobody issues tokens yet.");

    public async ValueTask InitializeAsync()
    {
        await infrastructure.InitializeAsync();
        tokens = await TestTokens.StartAsync();
        database = await CreateDatabaseAsync();
        await MigrateAsync(database);
        cache = await infrastructure.GetConnectionStringAsync("cache");
        factory = CreateReplica();
    }

    /// <summary>One more process of the service on the same database; on the same cache, unless others are named.</summary>
    internal WebApplicationFactory<CatalogModule> CreateReplica(
        string? cacheAddress = null,
        string? databaseAddress = null
    ) =>
        new WebApplicationFactory<CatalogModule>().WithWebHostBuilder(host =>
        {
            host.UseEnvironment("Development");
            host.UseSetting("ConnectionStrings:catalogdb", databaseAddress ?? database);
            host.UseSetting("ConnectionStrings:messaging", "Endpoint=sb://none.test/");
            host.UseSetting("ConnectionStrings:cache", cacheAddress ?? cache);
            host.UseSetting("Logging:LogLevel:Default", "None");
            foreach (var (setting, value) in Tokens.Settings)
            {
                host.UseSetting(setting, value);
            }

            host.ConfigureTestServices(RemoveMessagingAtWork);
        });

    /// <summary>A database without anything in it.</summary>
    public Task<string> CreateDatabaseAsync() => infrastructure.CreateDatabaseAsync();

    /// <summary>Runs the verb that brings a database up to date and seeds it.</summary>
    public static async Task MigrateAsync(string database)
    {
        var exitCode = await ModuleHost.RunAsync<CatalogModule>([
            "migrate",
            "--ConnectionStrings:catalogdb=" + database,
            "--Logging:LogLevel:Default=None",
        ]);
        Assert.True(exitCode == 0, "The verb migrate failed; see standard error.");
    }

    /// <summary>Somebody who only looks.</summary>
    public HttpClient CreateClient() => Factory.CreateClient();

    /// <summary>Somebody with a role.</summary>
    public HttpClient CreateClient(string role)
    {
        var client = Factory.CreateClient();
        client.DefaultRequestHeaders.Authorization = AuthorizationOf(role);
        return client;
    }

    /// <summary>What somebody with a role says who they are with.</summary>
    internal AuthenticationHeaderValue AuthorizationOf(string role) => Tokens.Bearer(Guid.CreateVersion7(), role);

    /// <summary>Another service that asks over gRPC. It speaks HTTP/2 with the pipeline itself, without a socket.</summary>
    internal ProductService.ProductServiceClient CreateGrpcClient() => CreateGrpcClient(Factory);

    internal static ProductService.ProductServiceClient CreateGrpcClient(
        WebApplicationFactory<CatalogModule> replica
    ) =>
        new(
            GrpcChannel.ForAddress(
                replica.Server.BaseAddress,
                new GrpcChannelOptions { HttpHandler = replica.Server.CreateHandler() }
            )
        );

    /// <summary>A unit of work of the running service.</summary>
    internal async Task<T> WithAsync<T>(Func<CatalogDbContext, IServiceProvider, Task<T>> work)
    {
        await using var scope = Factory.Services.CreateAsyncScope();
        return await work(scope.ServiceProvider.GetRequiredService<CatalogDbContext>(), scope.ServiceProvider);
    }

    public async ValueTask DisposeAsync()
    {
        if (factory is not null)
        {
            await factory.DisposeAsync();
        }

        if (tokens is not null)
        {
            await tokens.DisposeAsync();
        }

        await infrastructure.DisposeAsync();
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
