namespace Shop.Inventory.Data;

/// <summary>
/// The level of a product that the others were told last. In a table of its own: the row of the stock belongs to those who
/// buy, and is never waited for to tell of it.
/// </summary>
internal sealed class StockAnnouncement
{
    /// <summary>The product.</summary>
    public Guid ProductId { get; private set; }

    /// <summary>Units that could be sold.</summary>
    public int Available { get; private set; }

    /// <summary>The stock's version; what is newer has not been told.</summary>
    public long Version { get; private set; }
}
