using Microsoft.EntityFrameworkCore;
using Shop.Search.Data;
using Shop.Search.Messages;

namespace Shop.Search.Index;

/// <summary>
/// Writes documents. Each statement is one upsert that holds what it brings against the version that is there, so news may
/// come late, twice, in any order and from several writers at once.
/// </summary>
internal sealed class ProductIndex(SearchDbContext db)
{
    /// <summary>Takes what an event says of a product, if it is newer. The stock only matters while Inventory has told nothing.</summary>
    public Task StateAsync(ProductFacts product, CancellationToken cancellationToken) =>
        UpsertAsync(product, stockVersion: 0, orSame: false, cancellationToken);

    /// <summary>Takes what a snapshot says of a product, unless something newer is there. The same version is written again.</summary>
    public Task RestateAsync(ProductFacts product, long stockVersion, CancellationToken cancellationToken) =>
        UpsertAsync(product, stockVersion, orSame: true, cancellationToken);

    /// <summary>Leaves a tombstone, also of a product that was never heard of.</summary>
    public Task DeleteAsync(Guid productId, int version, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO product_documents AS known
                (product_id, listed, name, description, price, currency, categories, version, available, stock_version, confirmed_at)
            VALUES ({productId}, false, '', '', 0, '', ARRAY[]::text[], {version}, 0, 0, clock_timestamp())
            ON CONFLICT (product_id) DO UPDATE
            SET listed = false, version = excluded.version, confirmed_at = excluded.confirmed_at
            WHERE known.version < excluded.version
            """,
            cancellationToken
        );

    /// <summary>
    /// Takes what Inventory says of products, where it is newer; of an unknown one it is kept until the catalog tells the rest.
    /// Known ones are updated and not upserted, which would compose the words of each anew only to throw them away. Rows are
    /// locked in one order, so that of two replicas none waits for the other in a circle.
    /// </summary>
    /// <param name="levels">One for each product.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public Task StockAsync(IReadOnlyList<StockChanged> levels, CancellationToken cancellationToken)
    {
        Guid[] products = [.. levels.Select(level => level.ProductId)];
        int[] available = [.. levels.Select(level => level.Available)];
        long[] versions = [.. levels.Select(level => level.Version)];
        return db.Database.ExecuteSqlAsync(
            $"""
            WITH told AS (
                SELECT * FROM unnest({products}, {available}, {versions}) AS told (product_id, available, version)),
            known AS (
                SELECT product_id, stock_version FROM product_documents
                WHERE product_id IN (SELECT product_id FROM told) ORDER BY product_id FOR UPDATE),
            updated AS (
                UPDATE product_documents AS product SET available = told.available, stock_version = told.version
                FROM told JOIN known USING (product_id)
                WHERE product.product_id = told.product_id AND known.stock_version < told.version)
            INSERT INTO product_documents AS product
                (product_id, listed, name, description, price, currency, categories, version, available, stock_version, confirmed_at)
            SELECT product_id, false, '', '', 0, '', ARRAY[]::text[], 0, available, version, clock_timestamp()
            FROM told WHERE product_id NOT IN (SELECT product_id FROM known) ORDER BY product_id
            ON CONFLICT (product_id) DO UPDATE
            SET available = excluded.available, stock_version = excluded.stock_version
            WHERE product.stock_version < excluded.stock_version
            """,
            cancellationToken
        );
    }

    /// <summary>Takes products off the list of which nobody has said since then that they are there.</summary>
    /// <returns>How many there were.</returns>
    public Task<int> SweepAsync(DateTimeOffset since, CancellationToken cancellationToken) =>
        db
            .Products.Where(product => product.Listed && product.ConfirmedAt < since)
            .ExecuteUpdateAsync(product => product.SetProperty(p => p.Listed, false), cancellationToken);

    private Task<int> UpsertAsync(
        ProductFacts product,
        long stockVersion,
        bool orSame,
        CancellationToken cancellationToken
    )
    {
        // The stock has a version of its own, so it is decided upon by itself.
        var least = orSame ? product.Version : product.Version - 1;
        return db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO product_documents AS known
                (product_id, listed, name, description, price, currency, categories, image, version, available, stock_version, confirmed_at)
            VALUES
                ({product.Id}, true, {product.Name}, {product.Description}, {product.Price}, {product.Currency},
                 {product.Categories}, {product.Image}, {product.Version}, {product.Stock}, {stockVersion}, clock_timestamp())
            ON CONFLICT (product_id) DO UPDATE
            SET listed = true, name = excluded.name, description = excluded.description, price = excluded.price,
                currency = excluded.currency, categories = excluded.categories, image = excluded.image,
                version = excluded.version, confirmed_at = excluded.confirmed_at,
                available = CASE WHEN known.stock_version < excluded.stock_version THEN excluded.available ELSE known.available END,
                stock_version = greatest(known.stock_version, excluded.stock_version)
            WHERE known.version <= {least}
            """,
            cancellationToken
        );
    }
}
