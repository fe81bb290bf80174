using System.Text;
using System.Text.RegularExpressions;

namespace Shop.Ordering.Domain;

/// <summary>Postal codes of the countries that the shop ships to. All of them have a rule that is certain.</summary>
/// <remarks>Universal Postal Union, addressing formats by country.</remarks>
internal static partial class PostalCode
{
    /// <summary>The code as its country writes it: capitals, and one space where there is one.</summary>
    public static string Normalize(string code, string? country)
    {
        var written = code.Normalize(NormalizationForm.FormKC).ToUpperInvariant();
        return (country, written.Replace(" ", "", StringComparison.Ordinal)) switch
        {
            ("GB", { Length: > 3 } whole) when British().IsMatch(whole) => $"{whole[..^3]} {whole[^3..]}",
            ("NL", { Length: 6 } whole) when Dutch().IsMatch(whole) => $"{whole[..4]} {whole[4..]}",
            _ => written,
        };
    }

    /// <summary>The rule that a normalized code breaks, with an example; null when it keeps it or the country has none.</summary>
    public static string? WhyNot(string code, string country)
    {
        var compact = code.Replace(" ", "", StringComparison.Ordinal);
        return country switch
        {
            "US" when !American().IsMatch(code) => "must be a ZIP code such as 95814 or 95814-1234",
            "DE" when !FiveDigits().IsMatch(code) => "must be a German postal code such as 10115",
            "FR" when !FiveDigits().IsMatch(code) => "must be a French postal code such as 75001",
            "AT" when !Austrian().IsMatch(code) => "must be an Austrian postal code such as 1010",
            "GB" when !British().IsMatch(compact) => "must be a British postcode such as SW1A 1AA",
            "NL" when !Dutch().IsMatch(compact) => "must be a Dutch postal code such as 1012 AB",
            _ => null,
        };
    }

    [GeneratedRegex(@"\A[0-9]{5}(-[0-9]{4})?\z")]
    private static partial Regex American();

    [GeneratedRegex(@"\A[0-9]{5}\z")]
    private static partial Regex FiveDigits();

    [GeneratedRegex(@"\A[1-9][0-9]{3}\z")]
    private static partial Regex Austrian();

    [GeneratedRegex(@"\A(GIR0AA|[A-Z]{1,2}[0-9][A-Z0-9]?[0-9][A-Z]{2})\z")]
    private static partial Regex British();

    [GeneratedRegex(@"\A[1-9][0-9]{3}[A-Z]{2}\z")]
    private static partial Regex Dutch();
}
