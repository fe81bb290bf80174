namespace Shop.Inventory.Domain;

/// <summary>How far the reservation of one order has come.</summary>
internal enum ReservationStatus
{
    /// <summary>The row has just been made by the running transaction; never seen by another one.</summary>
    New,

    /// <summary>The stock is held for the order.</summary>
    Reserved,

    /// <summary>There was not enough stock; nothing was taken.</summary>
    Rejected,

    /// <summary>Given back on request; also the mark of a release that came before its reservation.</summary>
    Released,

    /// <summary>Given back because nobody committed or released it in time.</summary>
    Expired,

    /// <summary>The stock has left for the customer.</summary>
    Committed,
}
