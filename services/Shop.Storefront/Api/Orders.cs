namespace Shop.Storefront.Api;

/// <summary>An order in a list.</summary>
public sealed record OrderSummary(
    Guid Id,
    Guid UserId,
    string Status,
    int ItemCount,
    decimal Total,
    string Currency,
    DateTimeOffset CreatedAt,
    string? CancellationReason
);

/// <summary>An order with everything that the API tells of it.</summary>
public sealed record Order(
    Guid Id,
    string Status,
    IReadOnlyList<OrderLine> Items,
    decimal Subtotal,
    decimal Discount,
    decimal Tax,
    decimal Total,
    string Currency,
    Address ShippingAddress,
    DateTimeOffset CreatedAt,
    string? CancellationReason,
    string? CancellationDetail,
    string? Carrier,
    string? TrackingNumber,
    DateTimeOffset? ShippedAt,
    DateTimeOffset? DeliveredAt,
    DateTimeOffset? RefundedAt,
    decimal? RefundedAmount
);

public sealed record OrderLine(Guid ProductId, string Name, decimal UnitPrice, int Quantity, decimal LineTotal);

public sealed record Address(IReadOnlyList<string> Lines);

/// <summary>What an order's saga did.</summary>
public sealed record Timeline(string? TraceId, IReadOnlyList<TimelineEntry> Items);

public sealed record TimelineEntry(DateTimeOffset At, string Step, string Kind, string Text);

/// <summary>A payment.</summary>
public sealed record StaffPayment(
    Guid Id,
    Guid OrderId,
    Guid? UserId,
    decimal Amount,
    string? Currency,
    string? PaymentMethod,
    string Status,
    string? FailureCode,
    string? FailureMessage,
    DateTimeOffset? ShippedAt,
    StaffRefund? Refund,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
);

public sealed record StaffRefund(
    decimal Amount,
    string Reason,
    DateTimeOffset RequestedAt,
    DateTimeOffset? CompletedAt
);

/// <summary>What an order would cost now.</summary>
public sealed record Quote(
    IReadOnlyList<QuoteLine> Items,
    decimal Subtotal,
    decimal Discount,
    string? DiscountRule,
    decimal Tax,
    bool TaxIsKnown,
    decimal Total,
    string? Currency
);

/// <summary>A line of a quote. A product that is not sold any more has no price.</summary>
public sealed record QuoteLine(
    Guid ProductId,
    string? Name,
    decimal? UnitPrice,
    int Quantity,
    decimal? LineTotal,
    int Available,
    string Status
)
{
    /// <summary>There are enough pieces.</summary>
    public bool IsAvailable => Status == "Available";
}

/// <summary>Where the shop ships to.</summary>
public sealed record Regions(IReadOnlyList<ShippingRegion> Items);

public sealed record ShippingRegion(string Code, string Name, string Country, string CountryName, decimal TaxRate);

/// <summary>An order in the shopper's own list, with its first lines.</summary>
public sealed record OwnOrderSummary(
    Guid Id,
    string Status,
    int ItemCount,
    IReadOnlyList<OwnOrderSummaryLine> Items,
    decimal Total,
    string Currency,
    DateTimeOffset CreatedAt
);

public sealed record OwnOrderSummaryLine(Guid ProductId, string Name, int Quantity);
