using Shop.ServiceDefaults;

namespace Shop.Inventory;

/// <summary>Settings of the context, section <c>Inventory</c>.</summary>
internal sealed class InventoryOptions
{
    /// <summary>How long stock stays reserved for an order that neither commits nor releases it.</summary>
    [Positive]
    public TimeSpan ReservationLifetime { get; set; } = TimeSpan.FromMinutes(30);

    /// <summary>How often expired reservations are looked for.</summary>
    [Positive]
    public TimeSpan ExpirySweepInterval { get; set; } = TimeSpan.FromSeconds(30);

    /// <summary>How long changes of a product's stock accumulate before one event announces the level.</summary>
    [Positive]
    public TimeSpan AnnouncementInterval { get; set; } = TimeSpan.FromMilliseconds(200);

    /// <summary>How often it is looked whether a level was never told, because the process died in between.</summary>
    [Positive]
    public TimeSpan AnnouncementSweepInterval { get; set; } = TimeSpan.FromMinutes(1);
}
