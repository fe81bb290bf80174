namespace Shop.Billing.Domain;

/// <summary>What an invoice is about: the order as the customer has accepted it.</summary>
internal sealed record InvoiceTerms(
    Guid UserId,
    BillingAddress BillTo,
    IReadOnlyList<InvoiceLine> Lines,
    decimal Subtotal,
    decimal Discount,
    decimal Tax,
    decimal Total,
    string Currency,
    DateTimeOffset ConfirmedAt
)
{
    /// <summary>
    /// The first sum that is wrong, or null when all are right: a line is its price times its quantity, the subtotal is all
    /// lines, and the total is the subtotal, less the discount, plus the tax.
    /// </summary>
    public string? WrongSum()
    {
        if (Lines.FirstOrDefault(line => line.Total != line.UnitPrice * line.Quantity) is { } wrong)
        {
            return $"The line of product {wrong.ProductId} is not its price times its quantity.";
        }
        if (Lines.Sum(line => line.Total) != Subtotal)
        {
            return "The subtotal is not the sum of the lines.";
        }
        if (Discount < 0 || Discount > Subtotal)
        {
            return "The discount is negative or more than the subtotal.";
        }
        if (Tax < 0)
        {
            return "The tax is negative.";
        }
        return Subtotal - Discount + Tax == Total ? null : "The total is not subtotal - discount + tax.";
    }
}

/// <summary>A product on an invoice.</summary>
internal sealed record InvoiceLine(Guid ProductId, string Name, decimal UnitPrice, int Quantity, decimal Total);

/// <summary>Whom an invoice is for.</summary>
/// <param name="Name">The recipient.</param>
/// <param name="Street">Street and number.</param>
/// <param name="City">The town.</param>
/// <param name="PostalCode">The postal code.</param>
/// <param name="Region">The ISO 3166-2 code.</param>
/// <param name="Country">The ISO 3166-1 code.</param>
/// <param name="Lines">All of it as it is printed, line by line.</param>
internal sealed record BillingAddress(
    string Name,
    string Street,
    string City,
    string PostalCode,
    string? Region,
    string Country,
    IReadOnlyList<string> Lines
);
