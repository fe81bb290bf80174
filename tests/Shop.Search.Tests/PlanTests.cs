using Microsoft.EntityFrameworkCore;
using Shop.Search.Data;
using Shop.Search.Products;
using Shop.Testing;

namespace Shop.Search.Tests;

/// <summary>Search with 100,000 products.</summary>
public sealed class ManyProducts(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string Indexes = "words,name_words,name_key,categories";

    internal RunningSearch Search { get; private set; } = null!;

    public async ValueTask InitializeAsync()
    {
        Search = await RunningSearch.StartAsync(infrastructure);
        // So many at once go in faster with the list of pending entries, which VACUUM puts in their places.
        await SetFastUpdateAsync("on");
        await ExecuteAsync(
            """
            INSERT INTO product_documents
                (product_id, listed, name, description, price, currency, categories, version, available, stock_version, confirmed_at)
            SELECT gen_random_uuid(), true, 'Product ' || md5(n::text), 'About ' || md5((n * 7)::text), n % 900 + 1, 'USD',
                ARRAY['category-' || n % 40], 1, n % 5, 1, now()
            FROM generate_series(1, 100000) n
            """
        );
        await Search.StateAsync("Wireless headphones");
        await SetFastUpdateAsync("off");
        await ExecuteAsync("VACUUM ANALYZE product_documents");
    }

    public async ValueTask DisposeAsync() => await Search.DisposeAsync();

    private async Task SetFastUpdateAsync(string value)
    {
        foreach (var index in Indexes.Split(','))
        {
            await ExecuteAsync($"ALTER INDEX ix_product_documents_{index} SET (fastupdate = {value})");
        }
    }

    private Task<int> ExecuteAsync(string sql) =>
        Search.WithAsync(
            (db, _) =>
            {
                db.Database.SetCommandTimeout(TimeSpan.FromMinutes(3));
                return db.Database.ExecuteSqlRawAsync(sql, TestContext.Current.CancellationToken);
            }
        );
}

/// <summary>What PostgreSQL does with many products. Times depend on the machine, plans do not.</summary>
public sealed class PlanTests(ManyProducts products) : IClassFixture<ManyProducts>
{
    private readonly RunningSearch search = products.Search;

    [Fact]
    public async Task Words_are_looked_up_in_their_index() =>
        Assert.Contains(
            "ix_product_documents_words",
            await PlanAsync(Matching.Words, "headphones"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task Alike_letters_are_looked_up_in_their_index() =>
        Assert.Contains(
            "ix_product_documents_name_key",
            await PlanAsync(Matching.Likeness, "hedphones"),
            StringComparison.Ordinal
        );

    [Fact]
    public async Task A_later_page_of_everything_begins_at_its_place_in_the_index()
    {
        var plan = await LaterPageAsync("name");

        Assert.Contains("Index Scan using ix_product_documents_name_product_id", plan, StringComparison.Ordinal);
        Assert.Contains("Index Cond: (ROW(name, product_id) > ROW(", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_page_by_price_begins_at_its_place_in_the_index()
    {
        var plan = await LaterPageAsync("price");

        Assert.Contains("Index Scan using ix_product_documents_price on", plan, StringComparison.Ordinal);
        Assert.Contains("Index Cond: (ROW(price, name, product_id) > ROW(", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_later_page_by_falling_price_begins_at_its_price_in_the_index()
    {
        var plan = await LaterPageAsync("-price");

        Assert.Contains("Index Scan using ix_product_documents_price_descending", plan, StringComparison.Ordinal);
        Assert.Contains("Index Cond: (price <= ", plan, StringComparison.Ordinal);
        Assert.DoesNotContain("Sort", plan, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Beginnings_are_looked_up_in_the_index_of_the_words_of_names() =>
        Assert.Contains(
            "ix_product_documents_name_words",
            await search.WithAsync((db, _) => ExplainAsync(db, SuggestProducts.Beginning(db, "headph"))),
            StringComparison.Ordinal
        );

    /// <summary>The plan of a page from the middle of everything.</summary>
    private Task<string> LaterPageAsync(string sort)
    {
        var request = new SearchRequest("", null, null, null, null, sort, null, null);
        var cursor = new SearchCursor(Matching.Everything, 0, 450, "product 8", Guid.NewGuid()).Write(request.Question);
        return PlanAsync(Matching.Everything, "", sort, cursor);
    }

    private Task<string> PlanAsync(Matching matching, string text, string? sort = null, string? cursor = null) =>
        search.WithAsync(
            (db, _) =>
            {
                var request = new SearchRequest(text, null, null, null, null, sort, cursor, null);
                Assert.Empty(request.Errors);
                return ExplainAsync(db, db.Matching(matching, text).Page(matching, request));
            }
        );

    private static async Task<string> ExplainAsync<T>(SearchDbContext db, IQueryable<T> query)
    {
        await db.Database.OpenConnectionAsync(TestContext.Current.CancellationToken);
        await using var command = query.CreateDbCommand();
        command.CommandText = "EXPLAIN " + command.CommandText;
        await using var rows = await command.ExecuteReaderAsync(TestContext.Current.CancellationToken);
        var plan = new List<string>();
        while (await rows.ReadAsync(TestContext.Current.CancellationToken))
        {
            plan.Add(rows.GetString(0));
        }

        return string.Join('\n', plan);
    }
}
