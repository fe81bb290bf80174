namespace Shop.Ordering.Domain;

/// <summary>
/// A customer's order. Prices are fixed when it is placed; afterwards only its status moves, through guarded
/// transitions, and only the saga's engine calls them.
/// </summary>
internal sealed class Order
{
    /// <summary>What is worth more goes through sales by hand, not through a form.</summary>
    public const decimal MaxSubtotal = 100_000_000m;

    private readonly List<OrderItem> _items = [];
    private readonly List<OrderTransition> _transitions = [];

    private Order() { }

    public Guid Id { get; private init; }
    public Guid UserId { get; private init; }
    public OrderStatus Status { get; private set; }
    public IReadOnlyList<OrderItem> Items => _items;
    public decimal Subtotal { get; private init; }
    public decimal Discount { get; private init; }
    public decimal Tax { get; private init; }
    public decimal Total { get; private init; }
    public string Currency { get; private init; } = "";
    public ShippingAddress ShippingAddress { get; private init; } = null!;

    /// <summary>The payment provider's token; never a card number.</summary>
    public string PaymentMethod { get; private init; } = "";
    public DateTimeOffset CreatedAt { get; private init; }
    public DateTimeOffset? ConfirmedAt { get; private set; }
    public DateTimeOffset? CancelledAt { get; private set; }
    public CancellationReason? CancellationReason { get; private set; }
    public string? CancellationDetail { get; private set; }
    public IReadOnlyList<Shortage> Shortages { get; private set; } = [];
    public DateTimeOffset? ShippedAt { get; private set; }
    public string? Carrier { get; private set; }
    public string? TrackingNumber { get; private set; }
    public DateTimeOffset? DeliveredAt { get; private set; }
    public DateTimeOffset? RefundedAt { get; private set; }

    /// <summary>What the customer got back, in the order's currency.</summary>
    public decimal? RefundedAmount { get; private set; }

    /// <summary>What has left the house cannot be called back.</summary>
    public bool CanBeCancelled => Status is OrderStatus.Pending or OrderStatus.Confirmed;

    /// <summary>Whether the parcel has left, or has arrived.</summary>
    public bool HasLeft => Status is OrderStatus.Shipped or OrderStatus.Delivered;

    public static Order Place(
        Guid id,
        Guid userId,
        IReadOnlyCollection<OrderItem> items,
        string currency,
        ShippingAddress address,
        Region region,
        string paymentMethod,
        DateTimeOffset now
    )
    {
        if (items.Count == 0)
        {
            throw new InvalidOperationException("An order has at least one line.");
        }

        var pricing = Pricing.Of(items, region);
        var order = new Order
        {
            Id = id,
            UserId = userId,
            Subtotal = pricing.Subtotal,
            Discount = pricing.Discount,
            Tax = pricing.Tax,
            Total = pricing.Total,
            Currency = currency,
            ShippingAddress = address,
            PaymentMethod = paymentMethod,
            CreatedAt = now,
        };
        order._items.AddRange(items);
        order._transitions.Add(new OrderTransition(From: null, OrderStatus.Pending, TimeSpan.Zero));
        return order;
    }

    /// <summary>Stock is reserved and the money is there.</summary>
    public void Confirm(DateTimeOffset now)
    {
        Allow(Status == OrderStatus.Pending, OrderStatus.Confirmed);
        ConfirmedAt = now;
        Move(OrderStatus.Confirmed, now);
    }

    /// <summary>Ends a pending order, or takes back a confirmed one.</summary>
    public void Cancel(Cancellation cancellation, DateTimeOffset now)
    {
        Allow(CanBeCancelled, OrderStatus.Cancelled);
        CancelledAt = now;
        CancellationReason = cancellation.Reason;
        CancellationDetail = cancellation.Detail;
        Shortages = cancellation.Shortages;
        Move(OrderStatus.Cancelled, now);
    }

    /// <summary>The parcel leaves.</summary>
    public void Ship(Shipment shipment, DateTimeOffset now)
    {
        Allow(Status == OrderStatus.Confirmed, OrderStatus.Shipped);
        ShippedAt = now;
        Carrier = shipment.Carrier;
        TrackingNumber = shipment.TrackingNumber;
        Move(OrderStatus.Shipped, now);
    }

    /// <summary>The parcel has arrived.</summary>
    public void Deliver(DateTimeOffset now)
    {
        Allow(Status == OrderStatus.Shipped, OrderStatus.Delivered);
        DeliveredAt = now;
        Move(OrderStatus.Delivered, now);
    }

    /// <summary>The customer has the money back; whatever became of the order, it stays so.</summary>
    /// <returns>False if that was known before.</returns>
    public bool Refund(decimal amount, DateTimeOffset at)
    {
        if (RefundedAt is not null || amount <= 0)
        {
            return false;
        }

        RefundedAt = at.ToUniversalTime();
        RefundedAmount = amount;
        return true;
    }

    /// <summary>What moved since the order was loaded, once; told to logs and metrics after the save.</summary>
    public IReadOnlyList<OrderTransition> TakeTransitions()
    {
        OrderTransition[] taken = [.. _transitions];
        _transitions.Clear();
        return taken;
    }

    private void Move(OrderStatus to, DateTimeOffset now)
    {
        _transitions.Add(new OrderTransition(Status, to, now - CreatedAt));
        Status = to;
    }

    private void Allow(bool allowed, OrderStatus to)
    {
        if (!allowed)
        {
            throw new InvalidOperationException($"Order {Id} cannot go from {Status} to {to}.");
        }
    }
}

/// <summary>A change of an order's status (from none, when it is placed), and the order's age at that moment.</summary>
internal sealed record OrderTransition(OrderStatus? From, OrderStatus To, TimeSpan Age);
