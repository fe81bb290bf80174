namespace Shop.Ordering.Messages;

/// <summary>An answer of another context to one of the saga's commands. Only what the saga reads is declared.</summary>
internal interface ISagaReply
{
    Guid OrderId { get; }
}

/// <summary>Inventory reserved every line.</summary>
internal sealed record StockReserved(Guid OrderId) : ISagaReply
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.inventory.stock-reserved.v1";
}

/// <summary>Inventory reserved nothing, because these lines are short.</summary>
internal sealed record StockReservationFailed(Guid OrderId, IReadOnlyList<StockShortage>? Shortages = null) : ISagaReply
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.inventory.stock-reservation-failed.v1";
}

/// <summary>A line of <see cref="StockReservationFailed"/>.</summary>
internal sealed record StockShortage(Guid ProductId, int Requested, int Available);

/// <summary>Inventory gave the stock back.</summary>
internal sealed record StockReleased(Guid OrderId) : ISagaReply
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.inventory.stock-released.v1";
}

/// <summary>Inventory took the stock out for good.</summary>
internal sealed record StockCommitted(Guid OrderId) : ISagaReply
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.inventory.stock-committed.v1";
}

/// <summary>The customer paid.</summary>
internal sealed record PaymentSucceeded(Guid OrderId) : ISagaReply
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.payments.payment-succeeded.v1";
}

/// <summary>The provider refused the payment for good.</summary>
internal sealed record PaymentFailed(Guid OrderId, string? Code = null, string? Message = null) : ISagaReply
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.payments.payment-failed.v1";
}

/// <summary>The customer pays nothing for the order. The amount is what went back: 0 when nothing had been taken.</summary>
internal sealed record PaymentRefunded(Guid OrderId, decimal Amount, DateTimeOffset RefundedAt) : ISagaReply
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.payments.payment-refunded.v1";
}
