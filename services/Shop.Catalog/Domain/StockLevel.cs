namespace Shop.Catalog.Domain;

/// <summary>
/// How many pieces of a product Inventory last said can be sold. A row of its own, so that sales neither rewrite the
/// product nor get in the way of somebody who edits it.
/// </summary>
internal sealed class StockLevel
{
    private StockLevel() { }

    public StockLevel(Guid productId, int available, DateTimeOffset now)
    {
        ArgumentOutOfRangeException.ThrowIfNegative(available);
        ProductId = productId;
        Available = available;
        UpdatedAt = now;
    }

    public Guid ProductId { get; private init; }

    public int Available { get; private set; }

    /// <summary>Inventory's version of this figure; 0 until Inventory has said anything.</summary>
    public long Version { get; private set; }

    public DateTimeOffset UpdatedAt { get; private set; }
}
