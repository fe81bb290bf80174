using System.Text.Json.Serialization;
using Shop.Ordering.Domain;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Text;

namespace Shop.Ordering.Orders;

/// <summary>Body of <c>POST /api/orders</c>. Unknown members are refused: a typo would silently be lost.</summary>
/// <param name="Items">The lines.</param>
/// <param name="ShippingAddress">Where to send them.</param>
/// <param name="PaymentMethod">The payment provider's token.</param>
/// <param name="ExpectedTotal">The total that the shopper saw, in the order's currency. A different total is refused with 409.</param>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlaceOrderRequest(
    IReadOnlyList<OrderLineRequest?>? Items,
    AddressRequest? ShippingAddress,
    string? PaymentMethod,
    decimal? ExpectedTotal = null
)
{
    /// <summary>The same with the expected total in cents, so that 5 and 5.00 are the same request.</summary>
    public PlaceOrderRequest Normalized() =>
        this with
        {
            ExpectedTotal = ExpectedTotal is { } total ? Money.RoundToCents(total) : null,
        };

    /// <summary>One for the API's description.</summary>
    public static readonly PlaceOrderRequest Example = new(
        [new OrderLineRequest(Guid.Parse("01900000-0000-7000-8000-000000100035"), 10)],
        new AddressRequest("Ada Lovelace", "12 Analytical Way", "Sacramento", "95814", "US-CA", "US"),
        "pm_card_visa"
    );
}

/// <summary>A line of <see cref="PlaceOrderRequest"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OrderLineRequest(
    Guid? ProductId,
    [property: WholeNumber(1, OrderValidation.MaxQuantity)] int? Quantity
);

/// <summary>Where <see cref="PlaceOrderRequest"/> shall be sent.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AddressRequest(
    string? Name,
    string? Street,
    string? City,
    string? PostalCode,
    string? Region,
    string? Country
)
{
    /// <summary>The same in NFC and without white space around what was typed.</summary>
    public AddressRequest Tidied() =>
        new(
            UserText.TidyOptional(Name),
            UserText.TidyOptional(Street),
            UserText.TidyOptional(City),
            PostalCode is null ? null : Domain.PostalCode.Normalize(UserText.Tidy(PostalCode), UserText.Tidy(Country)),
            UserText.TidyOptional(Region),
            UserText.TidyOptional(Country)
        );
}
