namespace Shop.Payments.Provider;

/// <summary>
/// A payment provider. Every call may be repeated with the same idempotency key and then answers the same. An exception
/// means that the outcome is not known.
/// </summary>
internal interface IPaymentProvider
{
    /// <summary>Charges the customer, once per key.</summary>
    Task<ChargeResult> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken);

    /// <summary>What became of a charge; null when the provider has not heard of the key.</summary>
    Task<ChargeResult?> GetAsync(string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure that nothing is charged under the key from now on, even by a request that is still on its way; or tells
    /// that it has happened.
    /// </summary>
    Task<ChargeResult> CancelAsync(string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Gives back the whole of a charge, once per key; returns the provider's name for the refund.</summary>
    Task<string> RefundAsync(RefundRequest request, CancellationToken cancellationToken);
}

/// <summary>What to charge.</summary>
internal sealed record ChargeRequest(string IdempotencyKey, string PaymentMethod, decimal Amount, string Currency);

/// <summary>What to give back.</summary>
internal sealed record RefundRequest(string IdempotencyKey, string ChargeReference, decimal Amount, string Currency);

/// <summary>How far a charge is at the provider.</summary>
internal enum ChargeStatus
{
    /// <summary>Not decided; may still happen.</summary>
    Processing,

    /// <summary>The customer was charged.</summary>
    Succeeded,

    /// <summary>Refused for good.</summary>
    Failed,

    /// <summary>Called off before it happened.</summary>
    Cancelled,
}

/// <summary>What the provider says about a charge.</summary>
internal sealed record ChargeResult(
    ChargeStatus Status,
    string Reference,
    string? FailureCode = null,
    string? FailureMessage = null
);

/// <summary>The provider could not be reached or its answer got lost; whether it has acted is not known.</summary>
internal sealed class PaymentProviderException(string message) : Exception(message);
