namespace Shop.Storefront.Api;

/// <summary>An order in the list for staff.</summary>
public sealed record StaffOrderSummary(
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
public sealed record StaffOrder(
    Guid Id,
    string Status,
    IReadOnlyList<StaffOrderLine> Items,
    decimal Subtotal,
    decimal Discount,
    decimal Tax,
    decimal Total,
    string Currency,
    StaffAddress ShippingAddress,
    DateTimeOffset CreatedAt,
    string? CancellationReason,
    string? CancellationDetail,
    string? Carrier,
    string? TrackingNumber,
    DateTimeOffset? ShippedAt,
    DateTimeOffset? DeliveredAt
);

public sealed record StaffOrderLine(Guid ProductId, string Name, decimal UnitPrice, int Quantity, decimal LineTotal);

public sealed record StaffAddress(
    string Name,
    string Street,
    string City,
    string PostalCode,
    string Region,
    string Country
);

/// <summary>What an order's saga did.</summary>
public sealed record StaffTimeline(string? TraceId, IReadOnlyList<StaffTimelineEntry> Items);

public sealed record StaffTimelineEntry(DateTimeOffset At, string Step, string Kind, string Text);

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
