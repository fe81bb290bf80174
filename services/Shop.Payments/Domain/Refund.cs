namespace Shop.Payments.Domain;

/// <summary>Money that goes back to the customer; at most one per payment, over its whole amount.</summary>
internal sealed class Refund
{
    private Refund() { }

    internal Refund(Payment payment, string reason, DateTimeOffset now)
    {
        Id = Guid.CreateVersion7();
        PaymentId = payment.Id;
        Amount = payment.Amount;
        Reason = reason;
        CreatedAt = now;
    }

    /// <summary>The refund's id, and its idempotency key at the provider.</summary>
    public Guid Id { get; private set; }

    /// <summary>The payment.</summary>
    public Guid PaymentId { get; private set; }

    /// <summary>How much, in the payment's currency.</summary>
    public decimal Amount { get; private set; }

    /// <summary>Why.</summary>
    public string Reason { get; private set; } = "";

    /// <summary>The provider's name for it, once it has happened.</summary>
    public string? ProviderReference { get; private set; }

    /// <summary>When it was asked for.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the provider gave the money back.</summary>
    public DateTimeOffset? CompletedAt { get; private set; }

    internal void Complete(string providerReference, DateTimeOffset now)
    {
        ProviderReference = providerReference;
        CompletedAt = now;
    }
}
