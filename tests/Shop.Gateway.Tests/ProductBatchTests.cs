using System.Net;
using Grpc.Core;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shop.Gateway.Catalog;
using Shop.Gateway.Catalog.V1;

namespace Shop.Gateway.Tests;

/// <summary>Requests that come at the same time share calls. The clock stands, so a call that is held holds up the next.</summary>
public sealed class ProductBatchTests : IAsyncLifetime
{
    private CatalogStandIn catalog = null!;
    private RunningGateway gateway = null!;
    private ProductBatches batches = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        catalog = await CatalogStandIn.StartAsync();
        gateway = await RunningGateway.StartAsync(new FakeTimeProvider(DateTimeOffset.UtcNow), catalog.Setting);
        batches = gateway.Application.Services.GetRequiredService<ProductBatches>();
    }

    public async ValueTask DisposeAsync()
    {
        await gateway.DisposeAsync();
        await catalog.DisposeAsync();
    }

    [Fact]
    public async Task Two_hundred_who_ask_for_ten_products_are_three_calls_and_each_gets_its_own()
    {
        Guid[] ids = [.. Enumerable.Range(0, 10).Select(i => catalog.Add($"Lamp {i}"))];
        catalog.Held = new();

        var reads = Enumerable.Range(0, 200).Select(i => batches.FindAsync(ids[i % 10], Cancel)).ToArray();
        catalog.Held.SetResult();
        var read = await Task.WhenAll(reads);

        Assert.Equal(Enumerable.Range(0, 200).Select(i => $"Lamp {i % 10}"), read.Select(product => product!.Name));
        Assert.Equal(["GetProducts 1", "GetProducts 1", "GetProducts 10"], catalog.Calls.Order());
    }

    [Fact]
    public async Task A_full_batch_goes_though_others_are_not_answered()
    {
        var id = catalog.Add("Lamp");
        catalog.Held = new();

        var reads = Enumerable
            .Range(0, 102)
            .Select(i => batches.FindAsync(i < 2 ? id : Guid.NewGuid(), Cancel))
            .ToArray();
        await UntilAsync(() => catalog.Calls.Contains("GetProducts 100"));
        catalog.Held.SetResult();

        Assert.Equal(2, (await Task.WhenAll(reads)).OfType<Product>().Count());
    }

    [Fact]
    public async Task A_call_that_takes_long_no_longer_holds_up_others()
    {
        await using var impatient = await RunningGateway.StartAsync(catalog.Setting);
        var id = catalog.Add("Lamp");
        catalog.Held = new();

        var reads = Enumerable.Range(0, 3).Select(_ => impatient.GetStringAsync($"/api/products/{id}")).ToArray();
        await UntilAsync(() => catalog.Calls.Count == 3);
        catalog.Held.SetResult();

        Assert.All(await Task.WhenAll(reads), read => Assert.Contains("Lamp", read, StringComparison.Ordinal));
    }

    [Fact]
    public async Task An_unknown_product_is_not_found_and_the_others_are()
    {
        var id = catalog.Add("Lamp");
        await HoldTwoAsync();

        var known = gateway.GetAsync($"/api/products/{id}");
        var unknown = gateway.GetAsync($"/api/products/{Guid.NewGuid()}");
        catalog.Held!.SetResult();

        Assert.Equal(HttpStatusCode.OK, (await known).StatusCode);
        await (await unknown).ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Fact]
    public async Task A_call_that_fails_fails_those_it_was_for_and_nobody_else()
    {
        var (good, bad) = (catalog.Add("Lamp"), catalog.Add("Mirror"));
        catalog.Cursed = bad;
        catalog.Held = new();

        // The first two go alone, the others together.
        Task<Product?>[] reads = [.. new[] { good, bad, good, good }.Select(id => batches.FindAsync(id, Cancel))];
        catalog.Held.SetResult();

        Assert.Equal("Lamp", (await reads[0])!.Name);
        Assert.Equal(StatusCode.DataLoss, (await Assert.ThrowsAsync<RpcException>(() => reads[1])).StatusCode);
        Assert.Equal("Lamp", (await reads[2])!.Name);
        Assert.Equal("Lamp", (await reads[3])!.Name);
    }

    [Fact]
    public async Task What_cannot_be_read_with_the_others_is_tried_again_alone()
    {
        var (good, bad) = (catalog.Add("Lamp"), catalog.Add("Mirror"));
        catalog.Unreachable = bad;
        catalog.Held = new();

        Task<Product?>[] reads = [.. new[] { good, good, good, bad }.Select(id => batches.FindAsync(id, Cancel))];
        catalog.Held.SetResult();

        Assert.Equal(["Lamp", "Lamp", "Lamp", "Mirror"], (await Task.WhenAll(reads)).Select(product => product!.Name));
        Assert.Single(catalog.Calls, "GetProduct");
    }

    [Fact]
    public async Task Who_gives_up_does_not_take_the_others_call_away()
    {
        var id = catalog.Add("Lamp");
        using var giveUp = new CancellationTokenSource();
        await HoldTwoAsync();

        var first = batches.FindAsync(id, giveUp.Token);
        var second = batches.FindAsync(id, Cancel);
        await giveUp.CancelAsync();
        catalog.Held!.SetResult();

        await Assert.ThrowsAnyAsync<OperationCanceledException>(() => first);
        Assert.Equal("Lamp", (await second)!.Name);
        Assert.Empty(catalog.GivenUp);
    }

    [Fact]
    public async Task A_call_that_nobody_waits_for_any_more_is_given_up_or_never_made()
    {
        using var giveUp = new CancellationTokenSource();
        catalog.Held = new();

        var reads = Enumerable.Range(0, 4).Select(_ => batches.FindAsync(Guid.NewGuid(), giveUp.Token)).ToArray();
        await UntilAsync(() => catalog.Calls.Count == 2);
        await giveUp.CancelAsync();
        foreach (var read in reads)
        {
            await Assert.ThrowsAnyAsync<OperationCanceledException>(() => read);
        }

        await UntilAsync(() => catalog.GivenUp.Count == 2);
        catalog.Held.SetResult();

        Assert.Null(await batches.FindAsync(Guid.NewGuid(), Cancel));
        Assert.Equal(["GetProducts 1", "GetProducts 1", "GetProducts 1"], catalog.Calls);
    }

    [Fact]
    public async Task Who_comes_after_a_change_is_not_answered_by_a_call_from_before_it()
    {
        var id = catalog.Add("Lamp");
        catalog.Held = new();
        var before = batches.FindAsync(id, Cancel);
        await UntilAsync(() => catalog.Calls.Count == 1);

        catalog.Put(id, "Lantern");
        Task<Product?>[] after = [.. Enumerable.Range(0, 10).Select(_ => batches.FindAsync(id, Cancel))];
        catalog.Held.SetResult();

        Assert.Equal("Lamp", (await before)!.Name);
        Assert.All(await Task.WhenAll(after), product => Assert.Equal("Lantern", product!.Name));
    }

    /// <summary>Has two calls under way, so that whoever comes now waits for the next.</summary>
    private async Task HoldTwoAsync()
    {
        catalog.Held = new();
        _ = batches.FindAsync(Guid.NewGuid(), Cancel);
        _ = batches.FindAsync(Guid.NewGuid(), Cancel);
        await UntilAsync(() => catalog.Calls.Count == 2);
    }

    private static async Task UntilAsync(Func<bool> isSo)
    {
        for (var waited = 0; !isSo(); waited++)
        {
            Assert.True(waited < 3000, "It has not come about within 30 s.");
            await Task.Delay(10, Cancel);
        }
    }
}
