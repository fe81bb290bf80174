using Shop.Catalog.Caching;
using Shop.Catalog.Data;

namespace Shop.Catalog.Products;

/// <summary>Reads products for whoever asks, over REST or gRPC: from the cache, else from the database.</summary>
internal sealed class ProductReader(CatalogDbContext db, ProductCache cache)
{
    /// <summary>The most products that are read at once.</summary>
    public const int MaxBatch = 100;

    public ValueTask<ProductSnapshot?> FindAsync(Guid id, CancellationToken cancellationToken) =>
        cache.GetAsync(id, async token => (await LoadAsync([id], token))[id], cancellationToken);

    /// <summary>Products that are asked for together. The database, if it is asked at all, is asked for them at once.</summary>
    public async Task<ProductBatch> FindAsync(IReadOnlySet<Guid> ids, CancellationToken cancellationToken)
    {
        var found = new List<ProductSnapshot>(ids.Count);
        var missing = new List<Guid>();
        foreach (var id in ids)
        {
            if (!cache.TryFindHere(id, out var product))
            {
                missing.Add(id);
            }
            else if (product is not null)
            {
                found.Add(product);
            }
        }

        return missing.Count == 0 ? new(found, []) : await FindAsync(missing, found, cancellationToken);
    }

    private async Task<ProductBatch> FindAsync(
        List<Guid> missing,
        List<ProductSnapshot> found,
        CancellationToken cancellationToken
    )
    {
        // By whichever of them first finds that the shared cache does not have it, either.
        var loaded = new Lazy<Task<Dictionary<Guid, Loaded>>>(() => LoadAsync(missing, cancellationToken));
        var reads = missing.ConvertAll(id =>
            cache.GetAsync(id, async _ => (await loaded.Value)[id], cancellationToken).AsTask()
        );
        await ((Task)Task.WhenAll(reads)).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        cancellationToken.ThrowIfCancellationRequested();

        found.AddRange(
            reads.Where(read => read.IsCompletedSuccessfully).Select(read => read.Result).OfType<ProductSnapshot>()
        );
        return new(
            found,
            [.. missing.Where((_, i) => !reads[i].IsCompletedSuccessfully)],
            reads.Find(read => !read.IsCompletedSuccessfully)?.Exception?.InnerException
        );
    }

    private async Task<Dictionary<Guid, Loaded>> LoadAsync(List<Guid> ids, CancellationToken cancellationToken)
    {
        var removals = ids.ConvertAll(cache.RemovalsOf);
        if (ids is [var only])
        {
            return new() { [only] = new(await db.FindAsync(only, cancellationToken), removals[0]) };
        }

        var read = await db.ListAsync(product => ids.Contains(product.Id), products => products, cancellationToken);
        var products = read.ToDictionary(product => product.Id);
        return ids.Zip(removals)
            .ToDictionary(id => id.First, id => new Loaded(products.GetValueOrDefault(id.First), id.Second));
    }
}
