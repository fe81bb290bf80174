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
            expectedTotal = decimal.TryParse(
                SeenTotal,
                NumberStyles.Number,
                CultureInfo.InvariantCulture,
                out var total
            )
                ? total
                : (decimal?)null,
        };
}

/// <summary>The test payment methods of the simulated provider.</summary>
internal static class PaymentMethods
{
    public static readonly IReadOnlyList<(string Token, string Name, string What)> All =
    [
        ("pm_card_visa", "Visa", "is charged"),
        ("pm_card_mastercard", "Mastercard", "is charged"),
        ("pm_card_chargeDeclined", "A declined card", "is refused, and the order is cancelled"),
        ("pm_card_chargeDeclinedInsufficientFunds", "A card without money", "is refused, and the order is cancelled"),
        ("pm_card_answerLost", "A card on a bad line", "is charged once although the first answer gets lost"),
        ("pm_card_timeout", "A bank that never answers", "is not charged; the order is cancelled at its deadline"),
    ];
}
