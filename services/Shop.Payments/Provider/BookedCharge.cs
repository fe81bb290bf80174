namespace Shop.Payments.Provider;

/// <summary>A charge as it stands in the provider's books.</summary>
/// <param name="IdempotencyKey">The key it was asked for with: our payment's id.</param>
/// <param name="Reference">The provider's name for it.</param>
/// <param name="Status">How far it is.</param>
/// <param name="Amount">How much.</param>
/// <param name="Currency">ISO 4217; null when it was called off before it was asked for.</param>
/// <param name="CreatedAt">When the provider heard of it first.</param>
/// <param name="Refund">What was given back of it, if anything.</param>
internal sealed record BookedCharge(
    string IdempotencyKey,
    string Reference,
    ChargeStatus Status,
    decimal Amount,
    string? Currency,
    DateTimeOffset CreatedAt,
    BookedRefund? Refund
)
{
    /// <summary>When it changed last.</summary>
    public DateTimeOffset ChangedAt => Refund?.CreatedAt ?? CreatedAt;
}

/// <summary>A refund as it stands in the provider's books.</summary>
internal sealed record BookedRefund(string Reference, decimal Amount, DateTimeOffset CreatedAt);
