namespace Shop.Payments.Provider.Simulated;

/// <summary>A charge in the provider's books.</summary>
internal sealed class SimulatedCharge
{
    /// <summary>The customer's (our) key.</summary>
    public string IdempotencyKey { get; private set; } = "";

    /// <summary>The provider's name for it.</summary>
    public string Reference { get; private set; } = "";

    /// <summary>The token; null when it was called off before it was asked for.</summary>
    public string? PaymentMethod { get; private set; }

    /// <summary>How much.</summary>
    public decimal Amount { get; private set; }

    /// <summary>ISO 4217; null when it was called off before it was asked for.</summary>
    public string? Currency { get; private set; }

    /// <summary>How far it is.</summary>
    public ChargeStatus Status { get; private set; }

    /// <summary>Why it was refused.</summary>
    public string? FailureCode { get; private set; }

    /// <summary>Why it was refused, for people.</summary>
    public string? FailureMessage { get; private set; }

    /// <summary>How often it was asked for.</summary>
    public int Attempts { get; private set; }

    /// <summary>When it was first heard of.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The money is taken.</summary>
    public void Succeed() => Status = ChargeStatus.Succeeded;

    /// <summary>The money is not taken.</summary>
    public void Fail(string code, string message)
    {
        Status = ChargeStatus.Failed;
        FailureCode = code;
        FailureMessage = message;
    }

    /// <summary>Called off, unless it was decided before.</summary>
    public void Cancel()
    {
        if (Status == ChargeStatus.Processing)
        {
            Status = ChargeStatus.Cancelled;
        }
    }

    /// <summary>What the provider answers.</summary>
    public ChargeResult ToResult() => new(Status, Reference, FailureCode, FailureMessage);
}

/// <summary>A refund in the provider's books.</summary>
internal sealed class SimulatedRefund
{
    /// <summary>The customer's (our) key.</summary>
    public string IdempotencyKey { get; private set; } = "";

    /// <summary>The provider's name for it.</summary>
    public string Reference { get; private set; } = "";

    /// <summary>The charge; refunded once at most.</summary>
    public string ChargeReference { get; private set; } = "";

    /// <summary>How much.</summary>
    public decimal Amount { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset CreatedAt { get; private set; }
}
