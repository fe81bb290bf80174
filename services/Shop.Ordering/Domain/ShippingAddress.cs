namespace Shop.Ordering.Domain;

/// <summary>Where an order goes. <paramref name="Region"/> is an ISO 3166-2 code within <paramref name="Country"/>.</summary>
internal sealed record ShippingAddress(
    string Name,
    string Street,
    string City,
    string PostalCode,
    string Region,
    string Country
)
{
    /// <summary>
    /// The address as it is written on a parcel, an invoice or a mail: in the country's format, with names instead of codes.
    /// </summary>
    /// <remarks>Universal Postal Union, addressing formats by country.</remarks>
    public IReadOnlyList<string> Lines
    {
        get
        {
            var region = Domain.Region.TryFind(Region, out var known) ? known : null;
            var country = region?.CountryName ?? Country;
            return Country switch
            {
                "US" =>
                [
                    Name,
                    Street,
                    $"{City}, {Region[(Region.IndexOf('-', StringComparison.Ordinal) + 1)..]} {PostalCode}",
                    country,
                ],
                "GB" => [Name, Street, City, PostalCode, Place()],
                _ => [Name, Street, $"{PostalCode} {City}", Place()],
            };

            // Not "Berlin, Germany" below "10115 Berlin".
            string Place() => region is null || region.Name == City ? country : $"{region.Name}, {country}";
        }
    }
}
