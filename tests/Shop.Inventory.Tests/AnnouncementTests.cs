using Shop.Inventory.Messages;
using Shop.Testing;

namespace Shop.Inventory.Tests;

/// <summary>What the others are told of the stock.</summary>
public sealed class AnnouncementTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private InventoryApp _app = null!;
    private Guid _tea;

    public async ValueTask InitializeAsync()
    {
        _app = await InventoryApp.StartAsync(infrastructure);
        _tea = await _app.AddProductAsync(10);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Many_changes_are_told_as_one_level()
    {
        for (var i = 0; i < 4; i++)
        {
            await _app.ReserveAsync(Guid.CreateVersion7(), (_tea, 1));
        }
        await _app.AnnounceAsync();

        AssertLevel(Assert.Single(await _app.SentAsync(_tea)), available: 6, version: 5);
    }

    [Fact]
    public async Task Each_level_is_told_once_also_by_several_replicas()
    {
        await _app.ReserveAsync(Guid.CreateVersion7(), (_tea, 1));

        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AnnounceTeaAsync()));
        await _app.ReserveAsync(Guid.CreateVersion7(), (_tea, 1));
        await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => AnnounceTeaAsync()));

        var sent = await _app.SentAsync(_tea);
        Assert.Equal(2, sent.Count);
        AssertLevel(sent[0], available: 9, version: 2);
        AssertLevel(sent[1], available: 8, version: 3);
    }

    [Fact]
    public async Task What_a_process_that_died_has_not_told_is_found_by_the_sweep()
    {
        await _app.ReserveAsync(Guid.CreateVersion7(), (_tea, 1));

        await _app.Announcer.AnnounceAllAsync(TestContext.Current.CancellationToken);
        await _app.Announcer.AnnounceAllAsync(TestContext.Current.CancellationToken);

        AssertLevel(Assert.Single(await _app.SentAsync(_tea)), available: 9, version: 2);
    }

    [Fact]
    public async Task A_commit_of_the_database_wakes_the_announcer()
    {
        // Without being woken it would wait until the sweep, which this clock never reaches.
        await _app.Announcer.StartAsync(TestContext.Current.CancellationToken);
        await InventoryApp.UntilAsync("The first sweep is over", async () => (await _app.SentAsync(_tea)).Count == 1);

        await _app.ReserveAsync(Guid.CreateVersion7(), (_tea, 1));
        await InventoryApp.UntilAsync(
            "The new level is told",
            async () =>
            {
                _app.Time.Advance(new InventoryOptions().AnnouncementInterval);
                return (await _app.SentAsync(_tea)).Count == 2;
            }
        );

        await _app.Announcer.StopAsync(TestContext.Current.CancellationToken);
    }

    private Task AnnounceTeaAsync() => _app.Announcer.AnnounceAsync([_tea], TestContext.Current.CancellationToken);

    private static void AssertLevel(Sent sent, int available, long version)
    {
        Assert.Equal(StockChanged.Type, sent.Type);
        Assert.Equal(available, sent.Json.GetProperty("available").GetInt32());
        Assert.Equal(version, sent.Json.GetProperty("version").GetInt64());
    }
}
