namespace Shop.Ordering.Domain;

/// <summary>How amounts are rounded: commercially, half away from zero, to cents.</summary>
internal static class Money
{
    public static decimal RoundToCents(decimal amount) =>
        decimal.Round(amount, 2, MidpointRounding.AwayFromZero);
}
