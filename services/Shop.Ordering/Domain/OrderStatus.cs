namespace Shop.Ordering.Domain;

/// <summary>Where an order is in its life: <c>Pending -> Confirmed | Cancelled</c>, and <c>Confirmed -> Cancelled</c>.</summary>
internal enum OrderStatus
{
    Pending,
    Confirmed,
    Cancelled,
}
