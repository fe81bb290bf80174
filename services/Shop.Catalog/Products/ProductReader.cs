using Shop.Catalog.Data;

namespace Shop.Catalog.Products;

/// <summary>Reads products for whoever asks, over REST or gRPC.</summary>
internal sealed class ProductReader(CatalogDbContext db)
{
    /// <summary>The most products that are read at once.</summary>
    public const int MaxBatch = 100;

    public Task<ProductSnapshot?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        db.FindAsync(id, cancellationToken);

    /// <summary>Those of the products that exist, in no particular order.</summary>
    public async Task<IReadOnlyCollection<ProductSnapshot>> FindAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    ) => await db.ListAsync(product => ids.Contains(product.Id), products => products, cancellationToken);
}
