namespace Shop.Ordering.Domain;

/// <summary>Sales tax or VAT of the shipping region, on what is left after the discount; rounded once per order.</summary>
internal static class RegionalTax
{
    public static decimal On(decimal amount, Region region) => Money.RoundToCents(amount * region.TaxRate);
}
