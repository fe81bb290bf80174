namespace Shop.Ordering.Domain;

/// <summary>
/// Where an order is in its life: <c>Pending -> Confirmed -> Shipped -> Delivered</c>, and from Pending or Confirmed
/// <c>-> Cancelled</c>. The numbers ascend along every such way, so of two that were heard of an order the higher one is
/// the later (the read side keeps them as numbers).
/// </summary>
internal enum OrderStatus
{
    Pending = 0,
    Confirmed = 1,
    Shipped = 2,
    Delivered = 3,
    Cancelled = 4,
}
