using Npgsql;
using Shop.Catalog.Data;
using Shop.Catalog.Domain;

namespace Shop.Catalog.Tests;

public sealed class SeedTests(RunningCatalog catalog)
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public void There_is_enough_to_show()
    {
        var products = CatalogSeed.Read();

        Assert.True(products.Count >= 60, $"Only {products.Count} products.");
        Assert.All(products, product => Assert.Empty(ProductRules.Check(product.Details)));
        Assert.Distinct(products.Select(product => product.Name));
        Assert.Distinct(products.Select(product => product.Image));
        Assert.True(products.SelectMany(product => product.Categories).Distinct().Count() >= 8);
        Assert.Contains(products, product => product.Price > 1000);
        Assert.Contains(products, product => product.Stock == 0);
        Assert.Contains(products, product => product.Stock == 1);
    }

    [Fact]
    public void The_ids_are_fixed_so_that_others_can_name_them() =>
        Assert.Equal(
            Enumerable
                .Range(1, CatalogSeed.Read().Count)
                .Select(n => Guid.Parse($"01900000-0000-7000-8000-0000001000{n:x2}")),
            CatalogSeed.Read().Select(product => product.Id)
        );

    [Fact]
    public async Task Migrating_again_adds_nothing_and_brings_nothing_back()
    {
        var database = await catalog.CreateDatabaseAsync();
        await RunningCatalog.MigrateAsync(database);
        Assert.Equal(CatalogSeed.Read().Count, await ScalarAsync(database, "SELECT count(*) FROM products"));
        await ScalarAsync(
            database,
            "DELETE FROM products WHERE id = '01900000-0000-7000-8000-000000100001' RETURNING 1::bigint"
        );
        await ScalarAsync(
            database,
            "UPDATE stock_levels SET available = 7 WHERE product_id = '01900000-0000-7000-8000-000000100002' RETURNING 1::bigint"
        );

        await RunningCatalog.MigrateAsync(database);

        Assert.Equal(CatalogSeed.Read().Count - 1, await ScalarAsync(database, "SELECT count(*) FROM products"));
        Assert.Equal(
            7,
            await ScalarAsync(
                database,
                "SELECT available::bigint FROM stock_levels WHERE product_id = '01900000-0000-7000-8000-000000100002'"
            )
        );
    }

    [Fact]
    public async Task The_seed_is_announced_and_has_its_stock()
    {
        var database = await catalog.CreateDatabaseAsync();

        await RunningCatalog.MigrateAsync(database);

        Assert.Equal(
            CatalogSeed.Read().Count,
            await ScalarAsync(
                database,
                "SELECT count(*) FROM outbox_messages WHERE type = 'shop.catalog.product-created.v1'"
            )
        );
        Assert.Equal(
            CatalogSeed.Read().Sum(product => product.Stock),
            await ScalarAsync(database, "SELECT sum(available) FROM stock_levels")
        );
    }

    private static async Task<long> ScalarAsync(string database, string sql)
    {
        await using var connection = new NpgsqlConnection(database);
        await connection.OpenAsync(Cancel);
        await using var command = new NpgsqlCommand(sql, connection);
        return (long)(await command.ExecuteScalarAsync(Cancel))!;
    }
}
