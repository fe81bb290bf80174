using Shop.Gateway.Catalog.V1;

namespace Shop.Gateway.Catalog;

/// <summary>
/// Has requests that come at the same time share a call for their products (the DataLoader pattern, without its delay): with
/// few calls under way a request goes at once, else it waits for one of them to end and goes with all that came meanwhile. It
/// is only ever answered by a call that began after it came, so whoever was told of a change sees it.
/// </summary>
/// <remarks>A product is the same for everybody: Catalog is not told who asks.</remarks>
internal sealed class ProductBatches(CatalogClient catalog, TimeProvider time)
{
    private const int MostCalls = 2;

    /// <summary>A call that takes longer holds nobody up: it counts no more.</summary>
    private static readonly TimeSpan Patience = TimeSpan.FromMilliseconds(20);

    private readonly Lock gate = new();
    private ProductBatch? open;
    private int calls;

    /// <summary>The product; null when there is none of that id.</summary>
    public async Task<Product?> FindAsync(Guid id, CancellationToken cancellationToken)
    {
        var batch = Join(id, out var isDue);
        if (isDue)
        {
            _ = SendAsync(batch);
        }

        try
        {
            return await batch.FindAsync(id, cancellationToken);
        }
        finally
        {
            Leave(batch);
        }
    }

    private ProductBatch Join(Guid id, out bool isDue)
    {
        lock (gate)
        {
            var batch = open ??= new ProductBatch(catalog);
            batch.Add(id);
            // What cannot grow any more has nothing to wait for.
            isDue = calls < MostCalls || batch.IsFull;
            if (isDue)
            {
                calls++;
                open = null;
            }

            return batch;
        }
    }

    private void Leave(ProductBatch batch)
    {
        var isUnderWay = false;
        lock (gate)
        {
            if (batch.Leave())
            {
                return;
            }

            // Nobody waits for it any more.
            isUnderWay = batch != open;
            open = isUnderWay ? open : null;
        }

        if (isUnderWay)
        {
            batch.Cancel();
        }
    }

    private async Task SendAsync(ProductBatch batch)
    {
        await batch.SendAsync().WaitAsync(Patience, time).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing);
        if (Next() is { } next)
        {
            // In the trace of a request that it is for, not of one that the last one was for.
            next.Surroundings.Run(() => _ = SendAsync(next));
        }
    }

    private ProductBatch? Next()
    {
        lock (gate)
        {
            if (open is null || calls > MostCalls)
            {
                calls--;
                return null;
            }

            var next = open;
            open = null;
            return next;
        }
    }
}
