namespace Shop.Payments.Domain;

/// <summary>
/// The payment of one order. There is one per order from the first message about it, whichever that is, and it is the
/// only place that decides whether the customer may be charged.
/// </summary>
internal sealed class Payment
{
    private Payment() { }

    /// <summary>A payment about which nothing has been decided yet.</summary>
    public Payment(Guid id, Guid orderId, DateTimeOffset now)
    {
        Id = id;
        OrderId = orderId;
        CreatedAt = now;
        UpdatedAt = now;
    }

    /// <summary>The payment's id, and the charge's idempotency key at the provider.</summary>
    public Guid Id { get; private set; }

    /// <summary>The order; one payment each.</summary>
    public Guid OrderId { get; private set; }

    /// <summary>Who pays; unknown as long as only a refund was heard of.</summary>
    public Guid? UserId { get; private set; }

    /// <summary>How much.</summary>
    public decimal Amount { get; private set; }

    /// <summary>ISO 4217.</summary>
    public string? Currency { get; private set; }

    /// <summary>The provider's token for the customer's means of payment; never a card number.</summary>
    public string? PaymentMethod { get; private set; }

    /// <summary>How far it has come.</summary>
    public PaymentStatus Status { get; private set; }

    /// <summary>The provider's name for the charge.</summary>
    public string? ProviderReference { get; private set; }

    /// <summary>Why it failed, for programs.</summary>
    public string? FailureCode { get; private set; }

    /// <summary>Why it failed, for people.</summary>
    public string? FailureMessage { get; private set; }

    /// <summary>What the provider has to be asked next, if anything.</summary>
    public ProviderStep? NextStep { get; private set; }

    /// <summary>When it is asked; while an attempt runs, when that attempt is given up for lost.</summary>
    public DateTimeOffset? NextAttemptAt { get; private set; }

    /// <summary>How many attempts have been started, of whatever step; the number of the latest one.</summary>
    public int Attempts { get; private set; }

    /// <summary>The W3C trace context of the message that made the next step necessary.</summary>
    public string? TraceParent { get; private set; }

    /// <summary>When the first message about the order came.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>When the status changed last.</summary>
    public DateTimeOffset UpdatedAt { get; private set; }

    /// <summary>When the order was shipped, as Ordering said. From then on only an operator refunds it.</summary>
    public DateTimeOffset? ShippedAt { get; private set; }

    /// <summary>The money's way back, if it has to go back.</summary>
    public Refund? Refund { get; private set; }

    /// <summary>
    /// Whether an operator may refund it. As long as the order can be cancelled, Ordering decides: otherwise it could be shipped
    /// after its refund.
    /// </summary>
    public bool CanBeRefundedByOperator => Status == PaymentStatus.Succeeded && ShippedAt is not null;

    /// <summary>
    /// Asks for the charge. Only a new payment gets one; one that was cancelled before just learns what it was about. Without a
    /// means of payment it has failed at once.
    /// </summary>
    public void Request(PaymentTerms terms, string? traceParent, DateTimeOffset now)
    {
        if (UserId is null)
        {
            UserId = terms.UserId;
            Amount = terms.Amount;
            Currency = terms.Currency;
            PaymentMethod = terms.PaymentMethod;
        }
        if (Status == PaymentStatus.New)
        {
            Become(PaymentStatus.Pending, now);
            Ask(ProviderStep.Charge, traceParent, now);
            if (terms.PaymentMethod is null)
            {
                Declined("invalid_payment_method", "The payment method does not exist.", now);
            }
        }
    }

    /// <summary>The charge has happened. Whoever does not want it any more gets it back.</summary>
    public void Charged(string providerReference, DateTimeOffset now)
    {
        if (Status == PaymentStatus.Pending)
        {
            ProviderReference = providerReference;
            Become(PaymentStatus.Succeeded, now);
            AskNothing();
        }
        else if (Status == PaymentStatus.Cancelled && Refund is null)
        {
            ProviderReference = providerReference;
            Refund = new Refund(this, "cancelled", now);
            Ask(ProviderStep.Refund, TraceParent, now);
        }
    }

    /// <summary>The provider will not charge under this payment's key, now or later.</summary>
    public void Declined(string code, string message, DateTimeOffset now)
    {
        if (Status is PaymentStatus.New or PaymentStatus.Pending)
        {
            FailureCode = code;
            FailureMessage = message;
            Become(PaymentStatus.Failed, now);
            AskNothing();
        }
        else if (Status == PaymentStatus.Cancelled && Refund is null)
        {
            AskNothing();
        }
    }

    /// <summary>
    /// The order does not want the payment (any more): whatever was charged, is being charged or will be charged goes
    /// back. On a new payment this is the mark that keeps a late request from charging for a dead order.
    /// </summary>
    public void RequestRefund(string reason, string? traceParent, DateTimeOffset now)
    {
        switch (Status)
        {
            case PaymentStatus.New:
                Become(PaymentStatus.Cancelled, now);
                break;
            case PaymentStatus.Pending when Attempts == 0:
                Become(PaymentStatus.Cancelled, now);
                AskNothing();
                break;
            case PaymentStatus.Pending:
                Become(PaymentStatus.Cancelled, now);
                Ask(ProviderStep.Cancel, traceParent, now);
                break;
            case PaymentStatus.Succeeded when Refund is null:
                Refund = new Refund(this, reason, now);
                Ask(ProviderStep.Refund, traceParent, now);
                break;
        }
    }

    /// <summary>The money is back.</summary>
    public void RefundCompleted(string providerReference, DateTimeOffset now)
    {
        if (Refund is not { CompletedAt: null } refund)
        {
            return;
        }
        refund.Complete(providerReference, now);
        Become(PaymentStatus.Refunded, now);
        AskNothing();
    }

    /// <summary>
    /// An attempt ended without an answer. It puts off its own step only, and only if no later attempt has taken that over.
    /// </summary>
    public void RetryAt(ProviderStep? step, int attempt, DateTimeOffset at)
    {
        if (NextStep is not null && NextStep == step && Attempts == attempt)
        {
            NextAttemptAt = at;
        }
    }

    /// <summary>
    /// Has the provider asked once more what our books leave open; false when they leave nothing open. It changes no
    /// status: only the answer does.
    /// </summary>
    public bool AskAgain(DateTimeOffset now)
    {
        ProviderStep? step = (Status, Refund) switch
        {
            (_, { CompletedAt: null }) => ProviderStep.Refund,
            (PaymentStatus.Pending, _) => ProviderStep.Charge,
            (PaymentStatus.Cancelled, null) when Attempts > 0 => ProviderStep.Cancel,
            _ => null,
        };
        if (step is not { } open)
        {
            return false;
        }
        Ask(open, TraceParent, now);
        return true;
    }

    private void Ask(ProviderStep step, string? traceParent, DateTimeOffset now)
    {
        NextStep = step;
        NextAttemptAt = now;
        TraceParent = traceParent;
    }

    private void AskNothing()
    {
        NextStep = null;
        NextAttemptAt = null;
    }

    private void Become(PaymentStatus status, DateTimeOffset now)
    {
        Status = status;
        UpdatedAt = now;
    }
}

/// <summary>What is to be paid, by whom and how.</summary>
internal sealed record PaymentTerms(Guid UserId, decimal Amount, string Currency, string? PaymentMethod);
