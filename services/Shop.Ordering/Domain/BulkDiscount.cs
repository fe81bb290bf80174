namespace Shop.Ordering.Domain;

/// <summary>5 % off when the order has more than 5 lines; quantities do not count.</summary>
internal static class BulkDiscount
{
    public const int Threshold = 5;
    public const decimal Rate = 0.05m;

    /// <summary>The discount, or null when the policy does not apply.</summary>
    public static decimal? For(decimal subtotal, int lines) =>
        lines > Threshold ? Money.RoundToCents(subtotal * Rate) : null;
}
