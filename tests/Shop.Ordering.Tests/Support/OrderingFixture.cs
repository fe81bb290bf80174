using Shop.Testing;

[assembly: AssemblyFixture(typeof(InfrastructureFixture))]

namespace Shop.Ordering.Tests.Support;

/// <summary>One ordering service for all tests that need one; each test is a user of its own.</summary>
[CollectionDefinition]
public sealed class OrderingService : ICollectionFixture<OrderingFixture>;

/// <inheritdoc cref="OrderingService" />
public sealed class OrderingFixture(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    public OrderingApp App { get; private set; } = null!;

    public async ValueTask InitializeAsync() =>
        App = await OrderingApp.StartAsync(await infrastructure.CreateDatabaseAsync());

    public async ValueTask DisposeAsync() => await App.DisposeAsync();
}
