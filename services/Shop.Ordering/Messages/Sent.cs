namespace Shop.Ordering.Messages;

/// <summary>Command to Inventory: reserve all lines, or none.</summary>
internal sealed record ReserveStock(Guid OrderId, IReadOnlyList<StockLine> Items)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.inventory.reserve-stock.v1";
}

/// <summary>A line of <see cref="ReserveStock"/>.</summary>
internal sealed record StockLine(Guid ProductId, int Quantity);

/// <summary>Command to Inventory: give back whatever was, is being or will be reserved for the order.</summary>
internal sealed record ReleaseStock(Guid OrderId, string Reason)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.inventory.release-stock.v1";
}

/// <summary>Command to Inventory: the reserved stock is sold.</summary>
internal sealed record CommitStock(Guid OrderId)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.inventory.commit-stock.v1";
}

/// <summary>Command to Payments: charge the order, once however often asked.</summary>
internal sealed record ProcessPayment(Guid OrderId, Guid UserId, decimal Amount, string Currency, string PaymentMethod)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.payments.process-payment.v1";
}

/// <summary>Command to Payments: cancel or give back whatever was, is being or will be paid for the order.</summary>
internal sealed record RefundPayment(Guid OrderId, string Reason)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.payments.refund-payment.v1";
}

/// <summary>Scheduled by Ordering for itself: the time in which the step had to be answered is over.</summary>
internal sealed record StepDeadline(Guid OrderId, string Step)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.ordering.step-deadline.v1";
}
