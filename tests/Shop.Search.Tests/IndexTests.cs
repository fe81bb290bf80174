using Npgsql;
using Shop.Messaging;
using Shop.Search.Index;
using Shop.Search.Messages;
using Shop.Testing;

namespace Shop.Search.Tests;

public sealed class IndexTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private RunningSearch search = null!;

    public async ValueTask InitializeAsync() => search = await RunningSearch.StartAsync(infrastructure);

    public async ValueTask DisposeAsync() => await search.DisposeAsync();

    [Fact]
    public async Task The_newest_state_stays_in_whatever_order_and_however_often_it_is_told()
    {
        var id = Guid.CreateVersion7();
        await search.StateAsync("Third lamp", version: 3, id: id);
        await search.StateAsync("First lamp", version: 1, id: id);
        await search.StateAsync("Second lamp", version: 2, id: id);
        await search.StateAsync("Third lamp", version: 3, id: id);

        Assert.Equal(["Third lamp"], (await search.SearchAsync("q=lamp")).Names());
        Assert.Empty((await search.SearchAsync("q=first")).Names());
    }

    [Fact]
    public async Task A_deleted_product_is_not_brought_back_by_late_news()
    {
        var known = await search.StateAsync("Known lamp");
        var unknown = Guid.CreateVersion7();

        await search.DeleteAsync(known, version: 3);
        await search.DeleteAsync(unknown, version: 3);
        await search.StateAsync("Known lamp", version: 2, id: known);
        await search.StateAsync("Unknown lamp", version: 1, id: unknown);
        await search.StockAsync(known, available: 9, version: 9);

        Assert.Empty((await search.SearchAsync("q=lamp")).Names());
    }

    [Fact]
    public async Task The_newest_stock_stays_also_when_it_is_told_before_the_product()
    {
        var id = Guid.CreateVersion7();
        await search.StockAsync(id, available: 7, version: 2);
        Assert.Empty((await search.SearchAsync("q=")).Names());

        await search.StockAsync(id, available: 5, version: 1);
        await search.StateAsync("Lamp", stock: 100, id: id);
        Assert.Equal(7, await StockAsync());

        await search.StockAsync(id, available: 0, version: 3);
        Assert.Equal(0, await StockAsync());
        await search.StateAsync("Lamp", stock: 100, version: 2, id: id);
        Assert.Equal(0, await StockAsync());

        async Task<int> StockAsync() =>
            (await search.SearchAsync("q=lamp")).GetProperty("items")[0].GetProperty("stock").GetInt32();
    }

    [Fact]
    public async Task Of_news_that_come_at_once_each_product_keeps_its_newest()
    {
        var lamp = await search.StateAsync("Lamp");
        var desk = await search.StateAsync("Desk");
        var later = Guid.CreateVersion7();
        await search.StockAsync(desk, available: 9, version: 9);

        await search.StockAsync(
            new StockChanged(lamp, 2, Version: 2),
            new StockChanged(lamp, 1, Version: 1),
            new StockChanged(desk, 8, Version: 8),
            new StockChanged(later, 3, Version: 3)
        );
        await search.StateAsync("Lamp of later", id: later);

        var stock = (await search.SearchAsync("q="))
            .GetProperty("items")
            .EnumerateArray()
            .ToDictionary(item => item.GetProperty("id").GetGuid(), item => item.GetProperty("stock").GetInt32());
        Assert.Equal((2, 9, 3), (stock[lamp], stock[desk], stock[later]));
    }

    [Fact]
    public async Task News_that_cannot_be_are_rejected()
    {
        await Assert.ThrowsAsync<MessageRejectedException>(() => search.StateAsync("Lamp", version: 0));
        await Assert.ThrowsAsync<MessageRejectedException>(() => search.DeleteAsync(Guid.Empty, version: 1));
        await Assert.ThrowsAsync<MessageRejectedException>(() => search.StockAsync(Guid.NewGuid(), -1, version: 1));
    }

    [Fact]
    public async Task Reindex_makes_everything_anew_from_the_catalog()
    {
        var kept = search.Catalog.Add("Kept lamp", version: 2, stock: 4, stockVersion: 5);
        search.Catalog.Add("Missed lamp");
        search.Catalog.Add("Third lamp");
        await search.StateAsync("Kept lamp before", id: kept);
        await search.StateAsync("Gone lamp");
        await search.ExecuteAsync("UPDATE product_documents SET description = 'damaged'");

        var (exitCode, output) = await ReindexAsync();

        Assert.Equal((0, "search: 3 products indexed, 1 that are gone taken off.\n"), (exitCode, output));
        var answer = await search.SearchAsync("q=lamp");
        Assert.Equal(["Kept lamp", "Missed lamp", "Third lamp"], answer.Names().Order());
        Assert.Empty((await search.SearchAsync("q=damaged")).Names());
        var item = answer.GetProperty("items").EnumerateArray().Single(one => one.GetProperty("id").GetGuid() == kept);
        Assert.Equal((4, 19.90m), (item.GetProperty("stock").GetInt32(), item.GetProperty("price").GetDecimal()));
    }

    [Fact]
    public async Task What_happens_during_a_reindex_is_not_lost_and_search_goes_on()
    {
        var changed = search.Catalog.Add("Changed lamp");
        var deleted = search.Catalog.Add("Deleted lamp");
        search.Catalog.Add("Other lamp");
        await search.StateAsync("Changed lamp", id: changed);
        await search.StateAsync("Deleted lamp", id: deleted);
        // Whoever asks for a page does not wait for long, so nothing is done for the first time while it does.
        await search.SearchAsync("q=lamp");
        await search.DeleteAsync(Guid.CreateVersion7(), version: 1);
        var pages = 0;
        search.Catalog.BeforePage = async () =>
        {
            Assert.NotEmpty((await search.SearchAsync("q=lamp")).Names());
            if (pages++ == 0)
            {
                await search.StateAsync("Lamp changed meanwhile", version: 2, id: changed);
                await search.StateAsync("New lamp", id: new Guid("00000000-0000-7000-8000-000000000001"));
                await search.DeleteAsync(deleted, version: 2);
            }
        };

        var (exitCode, _) = await ReindexAsync();

        Assert.Equal(0, exitCode);
        Assert.Equal(2, pages);
        Assert.Equal(
            ["Lamp changed meanwhile", "New lamp", "Other lamp"],
            (await search.SearchAsync("q=lamp")).Names().Order()
        );
    }

    [Fact]
    public async Task The_verb_reindex_is_one_command()
    {
        search.Catalog.Add("Lamp");

        var exitCode = await ServiceDefaults.ModuleHost.RunAsync<SearchModule>([
            "reindex",
            "--ConnectionStrings:searchdb=" + search.Database,
            "--services:catalog:grpc:0=" + search.Catalog.Url,
            "--Logging:LogLevel:Default=None",
        ]);

        Assert.Equal(0, exitCode);
        Assert.Equal(["Lamp"], (await search.SearchAsync("q=lamp")).Names());
    }

    [Fact]
    public async Task The_contexts_own_login_needs_no_more_than_to_own_its_database()
    {
        var name = $"owner_{Guid.NewGuid():N}";
        await search.ExecuteAsync($"CREATE ROLE {name} LOGIN PASSWORD '{name}' NOSUPERUSER NOCREATEDB NOCREATEROLE");
        await search.ExecuteAsync($"CREATE DATABASE {name} OWNER {name}");
        var own = new NpgsqlConnectionStringBuilder(search.Database)
        {
            Database = name,
            Username = name,
            Password = name,
        };

        await RunningSearch.MigrateAsync(own.ConnectionString);
    }

    private Task<(int ExitCode, string Output)> ReindexAsync() =>
        search.WithAsync(
            async (_, services) =>
            {
                await using var output = new StringWriter { NewLine = "\n" };
                var exitCode = await ((Reindex)services.GetService(typeof(Reindex))!).RunAsync(
                    output,
                    TestContext.Current.CancellationToken
                );
                return (exitCode, output.ToString());
            }
        );
}
