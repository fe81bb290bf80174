using Microsoft.EntityFrameworkCore;
using Shop.Search.Catalog;
using Shop.Search.Data;
using Shop.ServiceDefaults.Data;

namespace Shop.Search.Index;

/// <summary>
/// The verb <c>reindex</c>: makes every document anew from what Catalog has now, while search goes on answering and events
/// go on arriving. A document is only ever replaced by something at least as new; at the end those go that neither the
/// snapshot nor an event since the beginning has confirmed.
/// </summary>
internal sealed class Reindex(SearchDbContext db, ProductIndex index, CatalogSnapshot catalog)
{
    public const string Verb = "reindex";
    public const string Description = "makes the search index anew from the catalog";

    // Any number that nobody else uses in this database; this one reads "reindex" in ASCII.
    private const long LockKey = 0x72_65_69_6E_64_65_78;

    public static Task<int> RunAsync(IServiceProvider services, string[] args, CancellationToken cancellationToken) =>
        services.GetRequiredService<Reindex>().RunAsync(Console.Out, cancellationToken);

    /// <summary>Runs alone: a second run at the same time ends at once with a sentence.</summary>
    /// <returns>The exit code.</returns>
    public async Task<int> RunAsync(TextWriter output, CancellationToken cancellationToken)
    {
        await db.Database.OpenConnectionAsync(cancellationToken);
        if (!await ScalarAsync<bool>($"SELECT pg_try_advisory_lock({LockKey}) AS \"Value\"", cancellationToken))
        {
            await output.WriteLineAsync("search: another reindex is at work; wait for it or stop it.");
            return 1;
        }

        try
        {
            // The database's own clock, which also stamps the documents.
            var begin = await ScalarAsync<DateTimeOffset>($"SELECT clock_timestamp() AS \"Value\"", cancellationToken);
            var products = 0;
            await foreach (var page in catalog.ReadAsync(cancellationToken))
            {
                await db.InTransactionAsync(() => WriteAsync(page, cancellationToken), cancellationToken);
                products += page.Count;
            }

            var gone = await index.SweepAsync(begin, cancellationToken);
            await output.WriteLineAsync($"search: {products} products indexed, {gone} that are gone taken off.");
            return 0;
        }
        finally
        {
            await db.Database.ExecuteSqlAsync($"SELECT pg_advisory_unlock({LockKey})", CancellationToken.None);
        }
    }

    private async Task<int> WriteAsync(IReadOnlyList<CatalogProduct> page, CancellationToken cancellationToken)
    {
        foreach (var product in page)
        {
            await index.RestateAsync(product.Facts, product.StockVersion, cancellationToken);
        }

        return page.Count;
    }

    private Task<T> ScalarAsync<T>(FormattableString sql, CancellationToken cancellationToken) =>
        db.Database.SqlQuery<T>(sql).SingleAsync(cancellationToken);
}
