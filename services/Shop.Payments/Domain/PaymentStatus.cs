namespace Shop.Payments.Domain;

/// <summary>How far the payment of one order has come.</summary>
internal enum PaymentStatus
{
    /// <summary>The row has just been made by the running transaction; never seen by another one.</summary>
    New,

    /// <summary>Wanted; the provider has not answered for certain yet.</summary>
    Pending,

    /// <summary>The customer has been charged.</summary>
    Succeeded,

    /// <summary>The provider has refused for good.</summary>
    Failed,

    /// <summary>Not wanted any more before it was known to have succeeded; also the mark of a refund that came first.</summary>
    Cancelled,

    /// <summary>The customer has the money back.</summary>
    Refunded,
}

/// <summary>What the provider still has to be asked about a payment.</summary>
internal enum ProviderStep
{
    /// <summary>Charge the customer.</summary>
    Charge,

    /// <summary>Make sure that no charge happens, or learn that one has.</summary>
    Cancel,

    /// <summary>Give the money back.</summary>
    Refund,
}
