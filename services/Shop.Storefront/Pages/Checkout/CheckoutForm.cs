using System.Globalization;

namespace Shop.Storefront.Pages.Checkout;

/// <summary>What the checkout's form holds. The texts go to the API as they are, which checks them.</summary>
internal sealed class CheckoutForm
{
    public string? Name { get; set; }

    public string? Street { get; set; }

    public string? City { get; set; }

    public string? PostalCode { get; set; }

    public string? Region { get; set; }

    public string? PaymentMethod { get; set; }

    /// <summary>Made with the page: however often the form is sent, it places one order.</summary>
    public string? Key { get; set; }

    /// <summary>The total that the page showed.</summary>
    public string? SeenTotal { get; set; }

    /// <summary>The button that sent the form: <c>order</c>, or another to see the totals.</summary>
    public string? Do { get; set; }

    /// <summary>The body of <c>POST /api/orders</c>.</summary>
    public object ToOrder(IEnumerable<(Guid ProductId, int Quantity)> items, string? country) =>
        new
        {
            items = items.Select(item => new { productId = item.ProductId, quantity = item.Quantity }).ToArray(),
            shippingAddress = new
            {
                name = Name,
                street = Street,
                city = City,
                postalCode = PostalCode,
                region = Region,
                country,
            },
            paymentMethod = PaymentMethod,
            expectedTotal = Amount(SeenTotal),
        };

    /// <summary>Whether a field of the order's request is one of the form's, which shows its errors.</summary>
    public static bool IsField(string field) =>
        field == "paymentMethod" || field.StartsWith("shippingAddress.", StringComparison.Ordinal);

    /// <summary>An amount as the form's hidden field holds it.</summary>
    public static decimal? Amount(string? text) =>
        decimal.TryParse(text, NumberStyles.Number, CultureInfo.InvariantCulture, out var amount) ? amount : null;
}

/// <summary>The test payment methods of the simulated provider.</summary>
internal static class PaymentMethods
{
    public static readonly IReadOnlyList<(string Token, string Name, string What)> All =
    [
        ("pm_card_visa", "Visa", "Is charged."),
        ("pm_card_mastercard", "Mastercard", "Is charged."),
        ("pm_card_chargeDeclined", "A declined card", "Is refused, and the order is cancelled."),
        ("pm_card_chargeDeclinedInsufficientFunds", "A card without money", "Is refused, and the order is cancelled."),
        ("pm_card_answerLost", "A card on a bad line", "Is charged once, although the first answer gets lost."),
        ("pm_card_failsThenSucceeds", "A bank that is down at first", "Is charged after some attempts."),
        ("pm_card_timeout", "A bank that never answers", "Is not charged; the order is cancelled at its deadline."),
    ];
}
