using System.Globalization;

namespace Shop.Storefront.Components.Shared;

/// <summary>Amounts as people read them.</summary>
internal static class Money
{
    public static string Format(decimal amount, string currency) =>
        currency switch
        {
            "USD" => string.Create(CultureInfo.InvariantCulture, $"${amount:#,##0.00}"),
            "EUR" => string.Create(CultureInfo.InvariantCulture, $"€{amount:#,##0.00}"),
            "GBP" => string.Create(CultureInfo.InvariantCulture, $"£{amount:#,##0.00}"),
            _ => string.Create(CultureInfo.InvariantCulture, $"{amount:#,##0.00} {currency}"),
        };
}
