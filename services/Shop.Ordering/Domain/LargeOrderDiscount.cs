namespace Shop.Ordering.Domain;

/// <summary>10 % off when the subtotal is more than 100 (in the order's currency).</summary>
internal static class LargeOrderDiscount
{
    public const decimal Threshold = 100m;
    public const decimal Rate = 0.10m;

    /// <summary>The discount, or null when the policy does not apply.</summary>
    public static decimal? For(decimal subtotal) => subtotal > Threshold ? Money.RoundToCents(subtotal * Rate) : null;
}
