namespace Shop.Ordering.Domain;

/// <summary>The discount that an order gets; part of the API.</summary>
internal enum DiscountRule
{
    /// <inheritdoc cref="Domain.LargeOrderDiscount"/>
    LargeOrderDiscount,

    /// <inheritdoc cref="Domain.BulkDiscount"/>
    BulkDiscount,
}

/// <summary>What an order costs: subtotal, less one discount, plus tax on the rest. The discounts do not add up.</summary>
internal sealed record Pricing(decimal Subtotal, decimal Discount, DiscountRule? Rule, decimal Tax)
{
    public decimal Total => Subtotal - Discount + Tax;

    /// <summary>Without a region the tax is not known, and zero.</summary>
    public static Pricing Of(IReadOnlyCollection<OrderItem> items, Region? region)
    {
        var subtotal = Money.RoundToCents(items.Sum(item => item.LineTotal));
        var (discount, rule) = DiscountOf(subtotal, items.Count);
        var tax = region is null ? 0.00m : RegionalTax.On(subtotal - discount, region);
        return new Pricing(subtotal, discount, rule, tax);
    }

    private static (decimal Amount, DiscountRule? Rule) DiscountOf(decimal subtotal, int lines)
    {
        if (LargeOrderDiscount.For(subtotal) is { } large)
        {
            return (large, DiscountRule.LargeOrderDiscount);
        }

        return BulkDiscount.For(subtotal, lines) is { } bulk ? (bulk, DiscountRule.BulkDiscount) : (0.00m, null);
    }
}
