[assembly: AssemblyFixture(typeof(Shop.Monolith.Tests.RunningShop))]

namespace Shop.Monolith.Tests;

/// <summary>The shop as one process, for the tests that do not care which shape it has.</summary>
public sealed class RunningShop : IAsyncLifetime
{
    private readonly MonolithProcess _process = new();

    internal ShopClient Client => field ??= new ShopClient(_process.Address);

    /// <inheritdoc />
    public async ValueTask InitializeAsync() => await _process.StartAsync();

    /// <inheritdoc />
    public ValueTask DisposeAsync() => _process.DisposeAsync();
}
