namespace Shop.Ordering.Domain;

/// <summary>How amounts are rounded: commercially, half away from zero, to cents.</summary>
internal static class Money
{
    /// <summary>Always with two decimals, as the database gives it back, so that 5 and 5.00 read alike.</summary>
    public static decimal RoundToCents(decimal amount) =>
        decimal.Round(amount, 2, MidpointRounding.AwayFromZero) + 0.00m;
}
