namespace Shop.Inventory.Domain;

/// <summary>
/// A kind of stock movement, as an accountant books it: what one unit does to what is available and to what is reserved.
/// </summary>
internal sealed record StockMove(string Kind, int Available, int Reserved)
{
    /// <summary>Goods came in.</summary>
    public static readonly StockMove Received = new("received", +1, 0);

    /// <summary>Set aside for an order.</summary>
    public static readonly StockMove Held = new("reserved", -1, +1);

    /// <summary>No longer set aside.</summary>
    public static readonly StockMove Released = new("released", +1, -1);

    /// <summary>What was set aside left the house.</summary>
    public static readonly StockMove Committed = new("committed", 0, -1);

    /// <summary>What had left came back.</summary>
    public static readonly StockMove Returned = new("returned", +1, 0);
}
