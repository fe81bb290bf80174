using System.Globalization;
using Shop.Billing.Domain;

namespace Shop.Billing.Printing;

/// <summary>What invoices and credit notes have in common: paper, letterhead, recipient, foot.</summary>
internal static class DocumentLayout
{
    /// <summary>A whole page.</summary>
    /// <param name="kind">What the document is called.</param>
    /// <param name="number">Its number.</param>
    /// <param name="badge">A word in a frame, which is also its style.</param>
    /// <param name="invoice">Whom it is for.</param>
    /// <param name="seller">Who issues it.</param>
    /// <param name="facts">Names and values next to the recipient.</param>
    /// <param name="body">What is between the recipient and the foot.</param>
    public static Html Of(
        string kind,
        string number,
        string badge,
        Invoice invoice,
        Seller seller,
        IEnumerable<(string Name, string Value)> facts,
        Html body
    ) =>
        $"""
            <!DOCTYPE html>
            <html lang="en">
            <head>
            <meta charset="utf-8">
            <meta name="viewport" content="width=device-width, initial-scale=1">
            <meta name="robots" content="noindex">
            <title>{kind} {number}</title>
            <style>{Style}</style>
            </head>
            <body>
            <main>
            <header>
            <div><h1>{kind}</h1><span class="badge {badge}">{badge}</span></div>
            <div class="seller"><strong>{seller.Name}</strong>{seller.Street}<br>{seller.City}<br>{seller.Country}</div>
            </header>
            <section class="facts">
            <div><h2>Billed to</h2>{Recipient(invoice.BillTo)}</div>
            <dl>{facts.Select(Fact)}</dl>
            </section>
            {body}
            <footer><span>{seller.Name} · Tax ID {seller.TaxId}</span><span>Questions? {seller.Email}</span></footer>
            </main>
            </body>
            </html>

            """;

    /// <summary>An amount as it is printed.</summary>
    public static string Money(decimal amount, string currency) =>
        string.Create(CultureInfo.InvariantCulture, $"{amount:#,##0.00} {currency}");

    /// <summary>A day as it is printed.</summary>
    public static string Day(DateTimeOffset time) =>
        time.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture);

    /// <summary>A name and its value in a list of them.</summary>
    public static Html Fact((string Name, string Value) fact) => $"<dt>{fact.Name}</dt><dd>{fact.Value}</dd>";

    // The style sheet is ours, and is markup: encoded it would be another one than the policy allows.
    private static Html Style
    {
        get
        {
            var style = Html.Empty;
            style.AppendLiteral(DocumentStyle.Css);
            return style;
        }
    }

    private static Html Recipient(BillingAddress to) =>
        $"<address><strong>{to.Lines[0]}</strong>{to.Lines.Skip(1).Select(Line)}</address>";

    private static Html Line(string text) => $"<br>{text}";
}
