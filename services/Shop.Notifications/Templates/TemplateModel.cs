using System.Globalization;
using System.Text.Encodings.Web;
using Shop.Notifications.Domain;

namespace Shop.Notifications.Templates;

/// <summary>
/// What a template can say, in words: texts are one line each, amounts and dates are written out. For HTML all of it is encoded
/// already, so that no template can forget to.
/// </summary>
internal sealed class TemplateModel
{
    private const int MaxLines = 50;
    private const int MaxText = 200;
    private const int MaxDetail = 1000;
    private const int MaxAddressLines = 8;

    public required string Recipient { get; init; }

    public required string OrderId { get; init; }

    /// <summary>The end of the id: its beginning is the same for orders of the same minute.</summary>
    public required string OrderNumber { get; init; }

    public required IReadOnlyList<TemplateLine> Lines { get; init; }

    /// <summary>How many lines are left out.</summary>
    public required int MoreLines { get; init; }

    public string? Subtotal { get; init; }

    public string? Discount { get; init; }

    public string? Tax { get; init; }

    public string? Total { get; init; }

    public required IReadOnlyList<string> Address { get; init; }

    public string? Detail { get; init; }

    public required bool WasConfirmed { get; init; }

    public string? Carrier { get; init; }

    public string? TrackingNumber { get; init; }

    public string? Date { get; init; }

    /// <summary>As plain text.</summary>
    public static TemplateModel ForText(Guid orderId, OrderFacts facts, string recipient) =>
        Of(orderId, facts, recipient, text => text);

    /// <summary>Encoded for HTML.</summary>
    public static TemplateModel ForHtml(Guid orderId, OrderFacts facts, string recipient) =>
        Of(orderId, facts, recipient, HtmlEncoder.Default.Encode);

    private static TemplateModel Of(Guid orderId, OrderFacts facts, string recipient, Func<string, string> encode)
    {
        return new TemplateModel
        {
            Recipient = Text(recipient) ?? "",
            OrderId = orderId.ToString(),
            OrderNumber = orderId.ToString("N")[^8..].ToUpperInvariant(),
            Lines =
            [
                .. facts
                    .Lines.Take(MaxLines)
                    .Select(line => new TemplateLine(Text(line.Name) ?? "", line.Quantity, Money(line.Total) ?? "")),
            ],
            MoreLines = Math.Max(0, facts.Lines.Count - MaxLines),
            Subtotal = Money(facts.Subtotal),
            Discount = facts.Discount is 0 ? null : Money(-facts.Discount),
            Tax = Money(facts.Tax),
            Total = Money(facts.Total),
            Address =
            [
                .. (facts.Address?.Lines ?? []).Take(MaxAddressLines).Select(line => Text(line)).OfType<string>(),
            ],
            Detail = Text(facts.Detail, MaxDetail),
            WasConfirmed = facts.WasConfirmed,
            Carrier = Text(facts.Carrier),
            TrackingNumber = Text(facts.TrackingNumber),
            Date = facts.At?.UtcDateTime.ToString("d MMMM yyyy", CultureInfo.InvariantCulture),
        };

        string? Money(decimal? amount) =>
            amount is { } value ? encode(Write(value, OneLine.Of(facts.Currency, maxLength: 3))) : null;

        string? Text(string? text, int maxLength = MaxText) =>
            OneLine.Of(text, maxLength) is { Length: > 0 } line ? encode(line) : null;
    }

    private static string Write(decimal amount, string currency)
    {
        var digits = Math.Abs(amount).ToString("#,##0.00", CultureInfo.InvariantCulture);
        var sign = amount < 0 ? "-" : "";
        return currency switch
        {
            "USD" => $"{sign}${digits}",
            "EUR" => $"{sign}€{digits}",
            "GBP" => $"{sign}£{digits}",
            _ => $"{sign}{digits} {currency}".TrimEnd(),
        };
    }
}

/// <summary>A line of the order.</summary>
internal sealed record TemplateLine(string Name, int Quantity, string Total);
