namespace Shop.Billing.Domain;

/// <summary>
/// What Billing has heard of one order, from the first event on, whichever that is. Where the invoice ends depends on what
/// was heard, not on the order in which it came: each event adds a fact, and then <see cref="TryPay"/>,
/// <see cref="CreditDue"/> and <see cref="TryVoid"/> tell what follows.
/// </summary>
internal sealed class OrderAccount
{
    private OrderAccount() { }

    /// <summary>An account about which nothing has been heard yet.</summary>
    public OrderAccount(Guid orderId, DateTimeOffset now)
    {
        OrderId = orderId;
        CreatedAt = now;
    }

    /// <summary>The order.</summary>
    public Guid OrderId { get; private set; }

    /// <summary>What the customer paid.</summary>
    public decimal? PaidAmount { get; private set; }

    /// <summary>In what; ISO 4217.</summary>
    public string? PaidCurrency { get; private set; }

    /// <summary>When.</summary>
    public DateTimeOffset? PaidAt { get; private set; }

    /// <summary>What the customer got back.</summary>
    public decimal? RefundedAmount { get; private set; }

    /// <summary>When the order was cancelled.</summary>
    public DateTimeOffset? CancelledAt { get; private set; }

    /// <summary>Whether the order was confirmed, so that there is an invoice.</summary>
    public bool IsInvoiced { get; private set; }

    /// <summary>When the first event came.</summary>
    public DateTimeOffset CreatedAt { get; private set; }

    /// <summary>The invoice, once the order is confirmed.</summary>
    public Invoice? Invoice { get; private set; }

    /// <summary>What has to be given back by a credit note; null when nothing has, or when that is done.</summary>
    public decimal? CreditDue =>
        Invoice is { Status: InvoiceStatus.Paid, CreditNote: null } invoice && RefundedAmount is > 0 and var amount
            ? Math.Min(amount, invoice.Total)
            : null;

    private bool IsCovered => Invoice is { } invoice && PaidAmount >= invoice.Total && PaidCurrency == invoice.Currency;

    /// <summary>The customer has paid. Only the first payment counts; there is one per order.</summary>
    public void HearOfPayment(decimal amount, string currency, DateTimeOffset at)
    {
        if (PaidAt is null)
        {
            (PaidAmount, PaidCurrency, PaidAt) = (amount, currency, at);
        }
    }

    /// <summary>The customer got money back; nothing if nothing had been taken.</summary>
    public void HearOfRefund(decimal amount)
    {
        if (amount > 0)
        {
            RefundedAmount ??= amount;
        }
    }

    /// <summary>The order was cancelled.</summary>
    public void HearOfCancellation(DateTimeOffset at) => CancelledAt ??= at;

    /// <summary>The order is confirmed: bills it. Once only; ask <see cref="IsInvoiced"/> first.</summary>
    public Invoice Issue(DocumentNumber number, InvoiceTerms terms, DateTimeOffset now)
    {
        if (IsInvoiced)
        {
            throw new InvalidOperationException($"Order {OrderId} has its invoice already.");
        }
        IsInvoiced = true;
        return Invoice = new Invoice(OrderId, number, terms, now);
    }

    /// <summary>Lets the invoice be paid when the payment covers it. Returns whether that is news.</summary>
    public bool TryPay() => IsCovered && Invoice!.Pay(PaidAt!.Value);

    /// <summary>Declares the invoice of a cancelled order void, unless it is paid.</summary>
    public void TryVoid()
    {
        if (CancelledAt is { } at && !IsCovered)
        {
            Invoice?.Void(at);
        }
    }
}
