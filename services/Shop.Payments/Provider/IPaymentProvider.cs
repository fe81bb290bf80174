namespace Shop.Payments.Provider;

/// <summary>
/// A payment provider. Every call may be repeated with the same idempotency key and then answers the same. An exception
/// means that the outcome is not known.
/// </summary>
internal interface IPaymentProvider
{
    /// <summary>Charges the customer, once per key.</summary>
    Task<ChargeResult> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken);

    /// <summary>
    /// Makes sure that nothing is charged under the key from now on, even by a request that is still on its way; or tells
    /// that it has happened.
    /// </summary>
    Task<ChargeResult> CancelAsync(string idempotencyKey, CancellationToken cancellationToken);

    /// <summary>Gives back the whole of a charge, once per key; returns the provider's name for the refund.</summary>
    Task<string> RefundAsync(RefundRequest request, CancellationToken cancellationToken);

    /// <summary>A page of the provider's books, in the order of the keys, that begins behind the given key.</summary>
    Task<IReadOnlyList<BookedCharge>> ListAsync(string? afterKey, int limit, CancellationToken cancellationToken);

    /// <summary>What the provider has under these keys; those that it has not heard of are left out.</summary>
    Task<IReadOnlyList<BookedCharge>> FindAsync(
        IReadOnlyCollection<string> idempotencyKeys,
        CancellationToken cancellationToken
    );
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
