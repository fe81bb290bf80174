using System.Text.RegularExpressions;
using Shop.Ordering.Domain;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Text;

namespace Shop.Ordering.Orders;

/// <summary>The rules that an order's body has to keep, each told with its field and never with its value.</summary>
internal static partial class OrderValidation
{
    public const int MaxLines = 100;
    public const int MaxQuantity = 1000;

    /// <summary>Everything that is wrong with the request; empty when it is valid.</summary>
    public static List<Violation> Check(PlaceOrderRequest request)
    {
        List<Violation> violations =
        [
            .. CheckItems(request.Items),
            .. CheckAddress(request.ShippingAddress),
            .. CheckPaymentMethod(request.PaymentMethod),
            .. CheckExpectedTotal(request.ExpectedTotal),
        ];
        return violations;
    }

    /// <summary>The region's rule stands apart: it asks what the shop knows, not what the body looks like.</summary>
    public static Violation? CheckRegion(AddressRequest address, out Region? region)
    {
        const string field = "shippingAddress.region";
        if (!Region.TryFind(address.Region!, out region))
        {
            return UnknownRegion(field);
        }

        return region.CountryCode == address.Country
            ? null
            : new Violation(
                field,
                "region-outside-country",
                $"The region lies in {region.CountryCode}; shippingAddress.country has to say so too."
            );
    }

    public static Violation UnknownRegion(string field) =>
        new(
            field,
            "unknown-region",
            "The shop does not ship there. Use an ISO 3166-2 code such as US-CA, DE-BE or GB-ENG; GET /api/orders/regions lists all."
        );

    public static Violation CardDataRefused(string field) =>
        new(
            field,
            "card-data-refused",
            "Never send card numbers or security codes; send the payment provider's token (pm_...)."
        );

    public static IEnumerable<Violation> CheckItems(IReadOnlyList<OrderLineRequest?>? items)
    {
        if (items is null or [])
        {
            return [new Violation("items", "empty-order", "An order has at least one line.")];
        }

        return items.Count > MaxLines
            ?
            [
                new Violation(
                    "items",
                    "too-many-lines",
                    $"An order has at most {MaxLines} lines; this one has {items.Count}."
                ),
            ]
            : CheckLines(items);
    }

    private static IEnumerable<Violation> CheckLines(IReadOnlyList<OrderLineRequest?> items)
    {
        Dictionary<Guid, int> firstLines = [];
        foreach (var (index, item) in items.Index())
        {
            if (item?.ProductId is not { } productId || productId == Guid.Empty)
            {
                yield return new($"items[{index}].productId", "missing-product", "Is required.");
            }
            else if (!firstLines.TryAdd(productId, index))
            {
                yield return new(
                    $"items[{index}].productId",
                    "duplicate-product",
                    $"The product is already in items[{firstLines[productId]}]; add up the quantities in one line."
                );
            }

            if (item?.Quantity is not (>= 1 and <= MaxQuantity))
            {
                yield return new(
                    $"items[{index}].quantity",
                    "invalid-quantity",
                    WholeNumberAttribute.Rule(1, MaxQuantity)
                );
            }
        }
    }

    private static IEnumerable<Violation> CheckAddress(AddressRequest? address)
    {
        if (address is null)
        {
            return [new Violation("shippingAddress", "invalid-address", "Is required.")];
        }

        return new[]
        {
            CheckText("name", address.Name, 100),
            CheckText("street", address.Street, 200),
            CheckText("city", address.City, 100),
            CheckText("postalCode", address.PostalCode, 20),
            CheckText("region", address.Region, 6),
            CheckText("country", address.Country, 2),
            CheckPostalCode(address),
        }.OfType<Violation>();
    }

    private static Violation? CheckPostalCode(AddressRequest address) =>
        address is { PostalCode: { Length: > 0 } code, Country: { } country }
        && PostalCode.WhyNot(code, country) is { } rule
            ? new Violation("shippingAddress.postalCode", "invalid-postal-code", UserText.Sentence(rule))
            : null;

    private static Violation? CheckText(string name, string? value, int maxLength)
    {
        var field = $"shippingAddress.{name}";
        return value is null ? new Violation(field, "invalid-address", "Is required.")
            : UserText.WhyNot(value, maxLength) is { } rule
                ? new Violation(field, "invalid-address", UserText.Sentence(rule))
            : CardData.HasCardNumber(value) ? CardDataRefused(field)
            : null;
    }

    private static IEnumerable<Violation> CheckPaymentMethod(string? paymentMethod)
    {
        const string field = "paymentMethod";
        if (string.IsNullOrEmpty(paymentMethod))
        {
            yield return new(field, "missing-payment-method", "Is required.");
        }
        else if (CardData.HasCardNumber(paymentMethod) || SecurityCode().IsMatch(paymentMethod))
        {
            yield return CardDataRefused(field);
        }
        else if (!Token().IsMatch(paymentMethod))
        {
            yield return new(
                field,
                "invalid-payment-method",
                "Has to be a token of the payment provider: pm_ and up to 64 letters, digits or underscores."
            );
        }
    }

    private static IEnumerable<Violation> CheckExpectedTotal(decimal? total)
    {
        if (total is { } amount && (amount < 0 || amount != Money.RoundToCents(amount)))
        {
            yield return new(
                "expectedTotal",
                "invalid-expected-total",
                "Has to be 0 or more with at most 2 decimals: the total that the shopper saw. Or leave it out."
            );
        }
    }

    [GeneratedRegex(@"^pm_[A-Za-z0-9_]{1,64}\z", RegexOptions.CultureInvariant)]
    private static partial Regex Token();

    [GeneratedRegex(@"^\s*[0-9]{3,4}\s*$", RegexOptions.CultureInvariant)]
    private static partial Regex SecurityCode();
}
