using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Orders;

/// <summary>A place that the shop ships to.</summary>
/// <param name="Code">ISO 3166-2, as <c>shippingAddress.region</c> takes it.</param>
/// <param name="Name">Its name.</param>
/// <param name="Country">ISO 3166-1 alpha-2, as <c>shippingAddress.country</c> takes it.</param>
/// <param name="CountryName">The country's name.</param>
/// <param name="TaxRate">Sales tax or VAT: 0.19 is 19 %.</param>
internal sealed record RegionResponse(string Code, string Name, string Country, string CountryName, decimal TaxRate);

/// <summary>All regions.</summary>
internal sealed record RegionsResponse(IReadOnlyList<RegionResponse> Items);

/// <summary><c>GET /api/orders/regions</c>: where the shop ships to, by country and name. For anyone, since a form offers them.</summary>
internal static class ListRegions
{
    private static readonly RegionsResponse All = new([
        .. Region.All.Select(region => new RegionResponse(
            region.Code,
            region.Name,
            region.CountryCode,
            region.CountryName,
            region.TaxRate
        )),
    ]);

    public static Ok<RegionsResponse> Handle() => TypedResults.Ok(All);
}
