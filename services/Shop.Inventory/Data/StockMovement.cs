namespace Shop.Inventory.Data;

/// <summary>
/// An entry of the ledger, never changed. For each product the changes add up to its <see cref="StockItem"/>.
/// </summary>
internal sealed class StockMovement
{
    /// <summary>The number of the entry.</summary>
    public long Id { get; private set; }

    /// <summary>What moved.</summary>
    public Guid ProductId { get; private set; }

    /// <summary>For which order, if for one.</summary>
    public Guid? OrderId { get; private set; }

    /// <summary>The kind, see <see cref="Domain.StockMove"/>.</summary>
    public string Kind { get; private set; } = "";

    /// <summary>How many units moved; positive.</summary>
    public int Quantity { get; private set; }

    /// <summary>What it did to the available units.</summary>
    public int AvailableChange { get; private set; }

    /// <summary>What it did to the reserved units.</summary>
    public int ReservedChange { get; private set; }

    /// <summary>The caller's key when goods came in, so that a repeated request books once.</summary>
    public string? IdempotencyKey { get; private set; }

    /// <summary>When it was booked.</summary>
    public DateTimeOffset OccurredAt { get; private set; }
}
