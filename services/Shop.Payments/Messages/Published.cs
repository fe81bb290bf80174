namespace Shop.Payments.Messages;

/// <summary>The customer has been charged.</summary>
internal sealed record PaymentSucceeded(
    Guid OrderId,
    Guid PaymentId,
    Guid UserId,
    decimal Amount,
    string Currency,
    DateTimeOffset PaidAt
)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.payments.payment-succeeded.v1";
}

/// <summary>The customer has not been charged and will not be.</summary>
internal sealed record PaymentFailed(Guid OrderId, string Code, string Message)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.payments.payment-failed.v1";
}

/// <summary>
/// The customer pays nothing for the order. The amount is what went back: 0 when nothing had been taken. Should a charge
/// turn out later to have happened, the event comes once more when that has gone back. The user is unknown when the order
/// never asked to be paid.
/// </summary>
internal sealed record PaymentRefunded(
    Guid OrderId,
    Guid PaymentId,
    Guid? UserId,
    decimal Amount,
    string Currency,
    DateTimeOffset RefundedAt
)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.payments.payment-refunded.v1";
}
