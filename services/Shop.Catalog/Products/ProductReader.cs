using Shop.Catalog.Caching;
using Shop.Catalog.Data;

namespace Shop.Catalog.Products;

/// <summary>Reads products for whoever asks, over REST or gRPC: from the cache, else from the database.</summary>
internal sealed class ProductReader(CatalogDbContext db, ProductCache cache, BatchGate gate)
{
    /// <summary>The most products that are read at once.</summary>
    public const int MaxBatch = 100;

    public ValueTask<ProductSnapshot?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        cache.GetAsync(id, token => db.FindAsync(id, token), cancellationToken);

    /// <summary>Those of the products that exist, in no particular order.</summary>
    public async Task<IReadOnlyCollection<ProductSnapshot>> FindAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        if (ids.Count == 1)
        {
            return await FindAsync(ids.First(), cancellationToken) is { } only ? [only] : [];
        }

        var found = await KeptAsync(ids, cancellationToken);
        if (found.Count == ids.Count)
        {
            return found;
        }

        // Who asks for what others are reading just now, finds it in the cache when it is their turn.
        using var turn = await gate.EnterAsync(cancellationToken);
        found = await KeptAsync(ids, cancellationToken);
        var missing = ids.Except(found.Select(product => product.Id)).ToDictionary(id => id, cache.RemovalsOf);
        if (missing.Count > 0)
        {
            var read = await db.ListAsync(
                product => missing.Keys.Contains(product.Id),
                products => products,
                cancellationToken
            );
            foreach (var product in read)
            {
                await cache.KeepAsync(product, missing[product.Id], cancellationToken);
            }

            found.AddRange(read);
        }

        return found;
    }

    private async Task<List<ProductSnapshot>> KeptAsync(
        IReadOnlyCollection<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        // Started all together: what is not in memory is asked of the shared cache in one go.
        var asked = ids.Select(id => cache.FindAsync(id, cancellationToken).AsTask()).ToArray();
        return [.. (await Task.WhenAll(asked)).OfType<ProductSnapshot>()];
    }
}
