using Microsoft.EntityFrameworkCore;
using Shop.Storefront.Data;

namespace Shop.Storefront.Baskets;

/// <summary>
/// Baskets in the database. Each change is one statement, so two tabs at once lose nothing. Each call has a context of its
/// own, because the components of a page read at the same time.
/// </summary>
internal sealed class BasketStore(IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>The most pieces of one product, as for an order.</summary>
    public const int MaxQuantity = 1000;

    /// <summary>The most products of a basket, as for an order.</summary>
    public const int MaxLines = 100;

    /// <summary>The lines, in the order in which they were put there.</summary>
    public Task<List<BasketLine>> GetAsync(Guid basketId, CancellationToken cancellationToken) =>
        WithDatabaseAsync(db =>
            db.BasketLines.AsNoTracking()
                .Where(line => line.BasketId == basketId)
                .OrderBy(line => line.ChangedAt)
                .ThenBy(line => line.ProductId)
                .ToListAsync(cancellationToken)
        );

    /// <summary>How many pieces are in it.</summary>
    public Task<int> CountAsync(Guid basketId, CancellationToken cancellationToken) =>
        WithDatabaseAsync(db =>
            db.BasketLines.Where(line => line.BasketId == basketId).SumAsync(line => line.Quantity, cancellationToken)
        );

    /// <summary>Adds pieces to what is there; does nothing when the basket is full of other products.</summary>
    /// <returns>Whether the basket has the product now.</returns>
    public async Task<bool> AddAsync(
        Guid basketId,
        Guid productId,
        string name,
        decimal price,
        string currency,
        int quantity,
        CancellationToken cancellationToken
    )
    {
        var now = time.GetUtcNow();
        return await WithDatabaseAsync(db =>
                db.Database.ExecuteSqlAsync(
                    $"""
                    insert into basket_lines as line (basket_id, product_id, quantity, name, seen_price, currency, changed_at)
                    select {basketId}, {productId}, {quantity}, {name}, {price}, {currency}, {now}
                    where (select count(*) from basket_lines other
                           where other.basket_id = {basketId} and other.product_id <> {productId}) < {MaxLines}
                    on conflict (basket_id, product_id) do update
                    set quantity = least(line.quantity + excluded.quantity, {MaxQuantity}),
                        name = excluded.name, seen_price = excluded.seen_price, currency = excluded.currency
                    """,
                    cancellationToken
                )
            ) > 0;
    }

    /// <summary>Sets how many pieces; 0 removes the product.</summary>
    public Task SetAsync(Guid basketId, Guid productId, int quantity, CancellationToken cancellationToken) =>
        WithDatabaseAsync(db =>
        {
            var line = db.BasketLines.Where(l => l.BasketId == basketId && l.ProductId == productId);
            var most = Math.Min(quantity, MaxQuantity);
            return quantity <= 0
                ? line.ExecuteDeleteAsync(cancellationToken)
                : line.ExecuteUpdateAsync(set => set.SetProperty(l => l.Quantity, most), cancellationToken);
        });

    /// <summary>Remembers that the shopper has seen a product's present price.</summary>
    public Task AcceptPriceAsync(Guid basketId, Guid productId, decimal price, CancellationToken cancellationToken) =>
        WithDatabaseAsync(db =>
            db.BasketLines.Where(line => line.BasketId == basketId && line.ProductId == productId)
                .ExecuteUpdateAsync(set => set.SetProperty(line => line.SeenPrice, price), cancellationToken)
        );

    /// <summary>Takes what was ordered out of the basket. What was added meanwhile stays.</summary>
    public Task RemoveAsync(Guid basketId, Guid productId, int ordered, CancellationToken cancellationToken) =>
        WithDatabaseAsync(async db =>
        {
            // Two statements: each of them looks at the newest quantity when another tab has just changed it.
            var line = db.BasketLines.Where(l => l.BasketId == basketId && l.ProductId == productId);
            return await line.Where(l => l.Quantity <= ordered).ExecuteDeleteAsync(cancellationToken) > 0
                || await line.Where(l => l.Quantity > ordered)
                    .ExecuteUpdateAsync(
                        set => set.SetProperty(l => l.Quantity, l => l.Quantity - ordered),
                        cancellationToken
                    ) > 0;
        });

    /// <summary>Moves an anonymous basket into a user's: quantities add up, and the newer price counts as seen.</summary>
    public Task MergeAsync(Guid anonymous, Guid user, CancellationToken cancellationToken) =>
        // Deleted first: two tabs that sign in at once would add the same lines twice.
        WithDatabaseAsync(db =>
            db.Database.ExecuteSqlAsync(
                $"""
                with moved as (
                    delete from basket_lines where basket_id = {anonymous} returning *
                )
                insert into basket_lines as line (basket_id, product_id, quantity, name, seen_price, currency, changed_at)
                select {user}, product_id, quantity, name, seen_price, currency, changed_at from moved order by product_id
                on conflict (basket_id, product_id) do update
                set quantity = least(line.quantity + excluded.quantity, {MaxQuantity}), seen_price = excluded.seen_price
                """,
                cancellationToken
            )
        );

    private async Task<T> WithDatabaseAsync<T>(Func<StorefrontDbContext, Task<T>> use)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await use(scope.ServiceProvider.GetRequiredService<StorefrontDbContext>());
    }
}
