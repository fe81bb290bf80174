using Shop.Billing.Domain;

namespace Shop.Billing.Printing;

/// <summary>A credit note on paper.</summary>
internal static class CreditNotePage
{
    /// <summary>The page.</summary>
    public static Html Of(Invoice invoice, CreditNote note, Seller seller) =>
        DocumentLayout.Of(
            "Credit note",
            note.Number,
            "CREDIT",
            invoice,
            seller,
            [
                ("Credit note number", note.Number),
                ("Issued", DocumentLayout.Day(note.IssuedAt)),
                ("For invoice", invoice.Number),
                ("Invoice issued", DocumentLayout.Day(invoice.IssuedAt)),
                ("Order", invoice.OrderId.ToString()),
            ],
            $"{Lines(invoice, note)}{Sums(invoice, note)}{Note}"
        );

    private static Html Note =>
        $"""<p class="note">The amount was returned to the means of payment that was used.</p>""";

    private static Html Lines(Invoice invoice, CreditNote note) =>
        $"""
            <table>
            <thead><tr><th>Item</th><th class="n">Amount</th></tr></thead>
            <tbody><tr><td>Refund for invoice {invoice.Number}</td><td class="n">{DocumentLayout.Money(
                note.Amount - note.Tax,
                invoice.Currency
            )}</td></tr></tbody>
            </table>

            """;

    private static Html Sums(Invoice invoice, CreditNote note) =>
        $"""
            <dl class="sums">
            <dt>Tax</dt><dd>{DocumentLayout.Money(note.Tax, invoice.Currency)}</dd>
            <dt class="total">Total credit</dt><dd class="total">{DocumentLayout.Money(
                note.Amount,
                invoice.Currency
            )}</dd>
            </dl>

            """;
}
