using Shop.Billing.Domain;

namespace Shop.Billing.Printing;

/// <summary>An invoice on paper.</summary>
internal static class InvoicePage
{
    /// <summary>The page.</summary>
    public static Html Of(Invoice invoice, Seller seller) =>
        DocumentLayout.Of(
            "Invoice",
            invoice.Number,
            invoice.Status.ToString().ToUpperInvariant(),
            invoice,
            seller,
            Facts(invoice),
            $"{Lines(invoice)}{Sums(invoice)}{Note(invoice)}"
        );

    private static IEnumerable<(string Name, string Value)> Facts(Invoice invoice)
    {
        yield return ("Invoice number", invoice.Number);
        yield return ("Issued", DocumentLayout.Day(invoice.IssuedAt));
        yield return ("Order confirmed", DocumentLayout.Day(invoice.ConfirmedAt));
        yield return invoice.PaidAt is { } paidAt
            ? ("Paid", DocumentLayout.Day(paidAt))
            : ("Due", DocumentLayout.Day(invoice.DueAt));
        yield return ("Order", invoice.OrderId.ToString());
    }

    private static Html Lines(Invoice invoice) =>
        $"""
            <table>
            <thead><tr><th>Item</th><th class="n">Quantity</th><th class="n">Price</th><th class="n">Amount</th></tr></thead>
            <tbody>{invoice.Lines.Select(line => Line(line, invoice.Currency))}</tbody>
            </table>

            """;

    private static Html Line(InvoiceLine line, string currency) =>
        $"""
            <tr><td>{line.Name}</td><td class="n">{line.Quantity}</td><td class="n">{DocumentLayout.Money(
                line.UnitPrice,
                currency
            )}</td><td class="n">{DocumentLayout.Money(line.Total, currency)}</td></tr>

            """;

    private static Html Sums(Invoice invoice) =>
        $"""
            <dl class="sums">
            <dt>Subtotal</dt><dd>{DocumentLayout.Money(invoice.Subtotal, invoice.Currency)}</dd>
            {Discount(invoice)}<dt>Tax</dt><dd>{DocumentLayout.Money(invoice.Tax, invoice.Currency)}</dd>
            <dt class="total">Total</dt><dd class="total">{DocumentLayout.Money(invoice.Total, invoice.Currency)}</dd>
            </dl>

            """;

    private static Html Discount(Invoice invoice) =>
        invoice.Discount == 0
            ? Html.Empty
            : DocumentLayout.Fact(("Discount", "−" + DocumentLayout.Money(invoice.Discount, invoice.Currency)));

    private static Html Note(Invoice invoice) =>
        invoice switch
        {
            { CreditNote: { } note } =>
                $"""<p class="note">Credited by {note.Number} of {DocumentLayout.Day(note.IssuedAt)} with {DocumentLayout.Money(
                    note.Amount,
                    invoice.Currency
                )}.</p>""",
            { Status: InvoiceStatus.Paid } => $"""<p class="note">Paid in full. Thank you for your order.</p>""",
            { Status: InvoiceStatus.Void } =>
                $"""<p class="note">The order was cancelled before it was paid. Nothing is owed.</p>""",
            _ =>
                $"""<p class="note">Please pay by {DocumentLayout.Day(invoice.DueAt)}, giving the invoice number.</p>""",
        };
}
