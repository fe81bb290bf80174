namespace Shop.Inventory;

/// <summary>Settings of the context, section <c>Inventory</c>.</summary>
internal sealed class InventoryOptions
{
    /// <summary>How long stock stays reserved for an order that neither commits nor releases it.</summary>
    public TimeSpan ReservationLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often expired reservations are looked for.</summary>
    public TimeSpan ExpirySweepInterval { get; set; } = TimeSpan.FromSeconds(30);
}
