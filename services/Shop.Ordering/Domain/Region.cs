using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Shop.Ordering.Domain;

/// <summary>
/// A place that the shop ships to, named by its ISO 3166-2 code, with the rate of its sales tax or VAT.
/// United States: the state's base rate (county and city taxes are not added). Europe: the standard VAT rate.
/// Rates as of January 2025.
/// </summary>
internal sealed record Region(string Code, string Name, string CountryName, decimal TaxRate)
{
    /// <summary>By country and name.</summary>
    public static readonly IReadOnlyList<Region> All =
    [
        .. RegionTable
            .Read()
            .OrderBy(region => region.CountryName, StringComparer.InvariantCulture)
            .ThenBy(region => region.Name, StringComparer.InvariantCulture),
    ];

    private static readonly FrozenDictionary<string, Region> Known = All.ToFrozenDictionary(
        region => region.Code,
        StringComparer.Ordinal
    );

    /// <summary>ISO 3166-1 alpha-2 code: what stands before the hyphen.</summary>
    public string CountryCode => Code[..2];

    public static bool TryFind(string code, [NotNullWhen(true)] out Region? region) =>
        Known.TryGetValue(code, out region);
}
