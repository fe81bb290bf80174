namespace Shop.Ordering.Messages;

/// <summary>Command to Inventory: reserve all lines, or none.</summary>
internal sealed record ReserveStock(Guid OrderId, IReadOnlyList<StockLine> Items);

/// <summary>A line of <see cref="ReserveStock"/>.</summary>
internal sealed record StockLine(Guid ProductId, int Quantity);

/// <summary>Command to Inventory: give back whatever was, is being or will be reserved for the order.</summary>
internal sealed record ReleaseStock(Guid OrderId, string Reason);

/// <summary>Command to Inventory: the reserved stock is sold.</summary>
internal sealed record CommitStock(Guid OrderId);

/// <summary>Command to Payments: charge the order, once however often asked.</summary>
internal sealed record ProcessPayment(Guid OrderId, Guid UserId, decimal Amount, string Currency, string PaymentMethod);

/// <summary>Command to Payments: cancel or give back whatever was, is being or will be paid for the order.</summary>
internal sealed record RefundPayment(Guid OrderId, string Reason);

/// <summary>Scheduled by Ordering for itself: the time in which the step had to be answered is over.</summary>
internal sealed record StepDeadline(Guid OrderId, string Step);
