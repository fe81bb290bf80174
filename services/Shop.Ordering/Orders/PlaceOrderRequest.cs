using System.Text.Json.Serialization;

namespace Shop.Ordering.Orders;

/// <summary>Body of <c>POST /api/orders</c>. Unknown members are refused: a typo would silently be lost.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PlaceOrderRequest(
    IReadOnlyList<OrderLineRequest?>? Items,
    AddressRequest? ShippingAddress,
    string? PaymentMethod
);

/// <summary>A line of <see cref="PlaceOrderRequest"/>.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record OrderLineRequest(Guid? ProductId, int? Quantity);

/// <summary>Where <see cref="PlaceOrderRequest"/> shall be sent.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record AddressRequest(
    string? Name,
    string? Street,
    string? City,
    string? PostalCode,
    string? Region,
    string? Country
);
