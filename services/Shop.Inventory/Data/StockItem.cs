namespace Shop.Inventory.Data;

/// <summary>
/// The stock of one product. Written by <see cref="Stock.StockLedger"/> alone, in set-based statements, so that every
/// change has its entry in the ledger.
/// </summary>
internal sealed class StockItem
{
    /// <summary>Catalog's product id.</summary>
    public Guid ProductId { get; private set; }

    /// <summary>Units that can be sold.</summary>
    public int Available { get; private set; }

    /// <summary>Units set aside for orders; on hand are both together.</summary>
    public int Reserved { get; private set; }

    /// <summary>Grows by one with every change of what is available; tells an older event from a newer one.</summary>
    public long Version { get; private set; }

    /// <summary>Whether Catalog has removed the product: nothing comes in any more; what is there serves the orders under way.</summary>
    public bool IsDiscontinued { get; private set; }
}
