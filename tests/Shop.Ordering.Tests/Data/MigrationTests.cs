using Microsoft.EntityFrameworkCore.Infrastructure;
using Microsoft.EntityFrameworkCore.Migrations;
using Shop.Ordering.Messages;
using Shop.Ordering.Tests.Support;
using Shop.Testing;

namespace Shop.Ordering.Tests.Data;

public sealed class MigrationTests(InfrastructureFixture infrastructure)
{
    [Fact]
    public async Task Timelines_survive_the_way_back_to_the_table_that_they_were_in_and_forth_again()
    {
        await using var app = await OrderingApp.StartAsync(await infrastructure.CreateDatabaseAsync());
        using var client = app.ClientOf(Guid.CreateVersion7());
        var id = await client.PlaceOkAsync(Requests.Order((app.Catalog.Add(10m), 1)));
        await app.ReceiveAsync(new StockReserved(id));
        await app.ReceiveAsync(new PaymentSucceeded(id));
        var before = await TimelineAsync();

        await MigrateAsync("ShippingAndViews");
        await MigrateAsync(null);

        Assert.Equal(before, await TimelineAsync());

        async Task<string> TimelineAsync() => (await client.GetJsonAsync($"/api/orders/{id}/timeline")).GetRawText();

        Task MigrateAsync(string? to) => app.InDatabaseAsync(db => db.GetService<IMigrator>().MigrateAsync(to));
    }
}
