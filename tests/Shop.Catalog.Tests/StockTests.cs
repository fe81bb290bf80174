using System.Net;
using Microsoft.Extensions.DependencyInjection;
using Shop.Catalog.Messages;
using Shop.Catalog.Stock;
using Shop.Messaging;
using Shop.ServiceDefaults.Data;

namespace Shop.Catalog.Tests;

public sealed class StockTests(RunningCatalog catalog)
{
    private readonly HttpClient admin = catalog.CreateClient("admin");

    [Fact]
    public async Task The_stock_shown_is_what_Inventory_said_last_in_whatever_order_it_arrives()
    {
        var (path, _) = await admin.CreateAsync();

        await SayAsync(path, available: 5, version: 1);
        await SayAsync(path, available: 9, version: 3);
        await SayAsync(path, available: 7, version: 2);
        await SayAsync(path, available: 1, version: 3);

        Assert.Equal(9, (await admin.GetJsonAsync(path)).GetProperty("stock").GetInt32());
        var answer = await admin.GetJsonAsync(path + "/availability?quantity=10");
        Assert.False(answer.GetProperty("available").GetBoolean());
        Assert.Equal(9, answer.GetProperty("availableStock").GetInt32());
    }

    [Fact]
    public async Task Who_has_the_product_with_its_old_stock_gets_it_anew()
    {
        var (path, tag) = await admin.CreateAsync();
        await SayAsync(path, available: 5, version: 1);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.TryAddWithoutValidation("If-None-Match", tag);

        using var response = await admin.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEqual(tag, response.Headers.ETag!.Tag);
    }

    [Fact]
    public async Task Sales_do_not_get_in_the_way_of_who_edits()
    {
        var (path, tag) = await admin.CreateAsync();
        await SayAsync(path, available: 5, version: 1);

        using var response = await admin.WriteAsync(HttpMethod.Put, path, ApiExtensions.Product("Hat"), tag);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(5, (await response.JsonAsync()).GetProperty("stock").GetInt32());
    }

    [Fact]
    public async Task Stock_of_a_product_that_is_gone_is_nobodys_business() =>
        await SayAsync($"/api/products/{Guid.CreateVersion7()}", available: 5, version: 1);

    [Fact]
    public async Task Stock_that_cannot_be_is_rejected()
    {
        var (path, _) = await admin.CreateAsync();

        await Assert.ThrowsAsync<MessageRejectedException>(() => SayAsync(path, available: -1, version: 1));

        Assert.Equal(0, (await admin.GetJsonAsync(path)).GetProperty("stock").GetInt32());
    }

    [Fact]
    public async Task Of_news_that_come_at_once_each_product_keeps_its_newest()
    {
        var (lamp, _) = await admin.CreateAsync();
        var (desk, _) = await admin.CreateAsync();
        await SayAsync(desk, available: 9, version: 9);

        await SayAsync((lamp, 2, 2), (lamp, 1, 1), (desk, 8, 8));

        Assert.Equal(2, (await admin.GetJsonAsync(lamp)).GetProperty("stock").GetInt32());
        Assert.Equal(9, (await admin.GetJsonAsync(desk)).GetProperty("stock").GetInt32());
    }

    private Task<bool> SayAsync(string path, int available, long version) => SayAsync((path, available, version));

    // In a transaction, as the dispatcher does.
    private Task<bool> SayAsync(params (string Path, int Available, long Version)[] levels) =>
        catalog.WithAsync(
            (db, services) =>
                db.InTransactionAsync(
                    async () =>
                    {
                        await services
                            .GetRequiredService<StockChangedHandler>()
                            .HandleAsync(
                                [.. levels.Select(level => Received(level.Path, level.Available, level.Version))],
                                TestContext.Current.CancellationToken
                            );
                        return true;
                    },
                    TestContext.Current.CancellationToken
                )
        );

    private static Received<StockChanged> Received(string path, int available, long version) =>
        new(
            new StockChanged(Guid.Parse(path[^36..]), available, version),
            new MessageContext(
                Guid.NewGuid().ToString(),
                "shop.inventory.stock-changed.v1",
                path[^36..],
                DateTimeOffset.UtcNow,
                DeliveryCount: 1
            )
        );
}
