using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Catalog.Data;
using Shop.Catalog.Domain;

namespace Shop.Catalog.Caching;

/// <summary>Removes what was changed from the cache when the change has been committed, and not before.</summary>
internal sealed class RemoveAtCommit(ProductCache cache) : SaveChangesInterceptor, IDbTransactionInterceptor
{
    public override ValueTask<InterceptionResult<int>> SavingChangesAsync(
        DbContextEventData eventData,
        InterceptionResult<int> result,
        CancellationToken cancellationToken = default
    )
    {
        if (eventData.Context is CatalogDbContext db)
        {
            db.Touched.UnionWith(Changed<Product>(db).Select(product => product.Id));
            db.Touched.UnionWith(Changed<StockLevel>(db).Select(stock => stock.ProductId));
        }

        return ValueTask.FromResult(result);
    }

    public override async ValueTask<int> SavedChangesAsync(
        SaveChangesCompletedEventData eventData,
        int result,
        CancellationToken cancellationToken = default
    )
    {
        if (eventData.Context?.Database.CurrentTransaction is null)
        {
            await CommittedAsync(eventData.Context);
        }

        return result;
    }

    public Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    ) => CommittedAsync(eventData.Context);

    private async Task CommittedAsync(DbContext? context)
    {
        if (context is CatalogDbContext { Touched.Count: > 0 } db)
        {
            Guid[] ids = [.. db.Touched];
            db.Touched.Clear();
            await cache.RemoveAsync(ids);
        }
    }

    private static IEnumerable<TEntity> Changed<TEntity>(CatalogDbContext db)
        where TEntity : class =>
        db
            .ChangeTracker.Entries<TEntity>()
            .Where(entry => entry.State is EntityState.Added or EntityState.Modified or EntityState.Deleted)
            .Select(entry => entry.Entity);
}
