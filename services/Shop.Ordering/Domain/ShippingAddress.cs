namespace Shop.Ordering.Domain;

/// <summary>Where an order goes. <paramref name="Region"/> is an ISO 3166-2 code within <paramref name="Country"/>.</summary>
internal sealed record ShippingAddress(
    string Name,
    string Street,
    string City,
    string PostalCode,
    string Region,
    string Country
);
