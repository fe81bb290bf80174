using System.Linq.Expressions;
using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Shop.Catalog.Domain;

namespace Shop.Catalog.Products;

/// <summary>Products with their stock, read from the database.</summary>
internal static class ProductRows
{
    private sealed record Row(Product Product, int Available, long StockVersion);

    private static readonly Func<CatalogDbContext, Guid, CancellationToken, Task<Row?>> One = EF.CompileAsyncQuery(
        (CatalogDbContext db, Guid id, CancellationToken _) =>
            db
                .Products.AsNoTracking()
                .Where(product => product.Id == id)
                .Join(
                    db.StockLevels,
                    product => product.Id,
                    stock => stock.ProductId,
                    (product, stock) => new Row(product, stock.Available, stock.Version)
                )
                .SingleOrDefault()
    );

    public static async Task<ProductSnapshot?> FindAsync(
        this CatalogDbContext db,
        Guid id,
        CancellationToken cancellationToken
    ) => await One(db, id, cancellationToken) is { } row ? Snapshot(row) : null;

    /// <summary>Those of the products that fit, ordered and limited by <paramref name="page"/>.</summary>
    public static async Task<List<ProductSnapshot>> ListAsync(
        this CatalogDbContext db,
        Expression<Func<Product, bool>> fits,
        Func<IQueryable<Product>, IQueryable<Product>> page,
        CancellationToken cancellationToken
    )
    {
        var rows = await page(db.Products.AsNoTracking().Where(fits))
            .Join(
                db.StockLevels,
                product => product.Id,
                stock => stock.ProductId,
                (product, stock) => new Row(product, stock.Available, stock.Version)
            )
            .ToListAsync(cancellationToken);
        return rows.ConvertAll(Snapshot);
    }

    private static ProductSnapshot Snapshot(Row row) =>
        ProductSnapshot.Of(row.Product, row.Available, row.StockVersion);
}
