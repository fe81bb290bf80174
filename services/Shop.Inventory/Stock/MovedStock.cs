using System.Data.Common;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Diagnostics;
using Shop.Inventory.Data;

namespace Shop.Inventory.Stock;

/// <summary>
/// The products whose stock has moved since the others were told. A hint in memory, which is why it costs nothing; what a
/// crash forgets the announcer's sweep finds in the database.
/// </summary>
internal sealed class MovedStock : IDisposable
{
    private readonly SemaphoreSlim _moved = new(0);
    private readonly Lock _lock = new();
    private HashSet<Guid> _products = [];

    /// <summary>These have moved.</summary>
    public void Add(IEnumerable<Guid> products)
    {
        lock (_lock)
        {
            _products.UnionWith(products);
        }
        if (_moved.CurrentCount == 0)
        {
            _moved.Release();
        }
    }

    /// <summary>All that have moved since the last call, in the order of their ids.</summary>
    public Guid[] Take()
    {
        lock (_lock)
        {
            (var products, _products) = (_products, []);
            return [.. products.Order()];
        }
    }

    /// <summary>Waits until something moves, or for the given time. Returns whether something has.</summary>
    public Task<bool> WaitAsync(TimeSpan limit, CancellationToken cancellationToken) =>
        _moved.WaitAsync(limit, cancellationToken);

    /// <inheritdoc />
    public void Dispose() => _moved.Dispose();
}

/// <summary>Passes on what a unit of work has moved when it has been committed, and not before.</summary>
internal sealed class TellMovedStockAtCommit(MovedStock moved) : DbTransactionInterceptor
{
    /// <inheritdoc />
    public override Task TransactionCommittedAsync(
        DbTransaction transaction,
        TransactionEndEventData eventData,
        CancellationToken cancellationToken = default
    )
    {
        Tell(eventData.Context);
        return Task.CompletedTask;
    }

    /// <inheritdoc />
    public override void TransactionCommitted(DbTransaction transaction, TransactionEndEventData eventData) =>
        Tell(eventData.Context);

    private void Tell(DbContext? db)
    {
        if (db is InventoryDbContext { MovedProducts.Count: > 0 } inventory)
        {
            moved.Add(inventory.MovedProducts);
            inventory.MovedProducts.Clear();
        }
    }
}
