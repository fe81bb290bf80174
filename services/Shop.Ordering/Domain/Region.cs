using System.Collections.Frozen;
using System.Diagnostics.CodeAnalysis;

namespace Shop.Ordering.Domain;

/// <summary>
/// A place that the shop ships to, named by its ISO 3166-2 code, with the rate of its sales tax or VAT.
/// United States: the state's base rate (county and city taxes are not added). Europe: the standard VAT rate.
/// Rates as of January 2025.
/// </summary>
internal sealed record Region(string Code, decimal TaxRate)
{
    private static readonly FrozenDictionary<string, Region> Known = UnitedStates()
        .Concat(Country("DE", 0.19m, "BW BY BE BB HB HH HE MV NI NW RP SL SN ST SH TH"))
        .Concat(Country("GB", 0.20m, "ENG SCT WLS NIR"))
        .Concat(Country("FR", 0.20m, "ARA BFC BRE CVL 20R GES HDF IDF NOR NAQ OCC PDL PAC"))
        .Concat(Country("AT", 0.20m, "1 2 3 4 5 6 7 8 9"))
        .Concat(Country("NL", 0.21m, "DR FL FR GE GR LI NB NH OV UT ZE ZH"))
        .ToFrozenDictionary(region => region.Code, StringComparer.Ordinal);

    /// <summary>ISO 3166-1 alpha-2 code: what stands before the hyphen.</summary>
    public string CountryCode => Code[..2];

    public static IEnumerable<Region> All => Known.Values;

    public static bool TryFind(string code, [NotNullWhen(true)] out Region? region) =>
        Known.TryGetValue(code, out region);

    private static IEnumerable<Region> Country(string country, decimal rate, string subdivisions) =>
        subdivisions.Split(' ').Select(subdivision => new Region($"{country}-{subdivision}", rate));

    private static IEnumerable<Region> UnitedStates() =>
        """
            AL 4.0   AK 0     AZ 5.6   AR 6.5   CA 7.25  CO 2.9   CT 6.35  DE 0     FL 6.0   GA 4.0
            HI 4.0   ID 6.0   IL 6.25  IN 7.0   IA 6.0   KS 6.5   KY 6.0   LA 5.0   ME 5.5   MD 6.0
            MA 6.25  MI 6.0   MN 6.875 MS 7.0   MO 4.225 MT 0     NE 5.5   NV 6.85  NH 0     NJ 6.625
            NM 4.875 NY 4.0   NC 4.75  ND 5.0   OH 5.75  OK 4.5   OR 0     PA 6.0   RI 7.0   SC 6.0
            SD 4.2   TN 7.0   TX 6.25  UT 6.1   VT 6.0   VA 5.3   WA 6.5   WV 6.0   WI 5.0   WY 4.0
            DC 6.0
            """.Split((char[]?)null, StringSplitOptions.RemoveEmptyEntries).Chunk(2).Select(pair => new Region(
            $"US-{pair[0]}",
            decimal.Parse(pair[1], System.Globalization.CultureInfo.InvariantCulture) / 100
        ));
}
