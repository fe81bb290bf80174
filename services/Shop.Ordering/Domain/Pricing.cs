namespace Shop.Ordering.Domain;

/// <summary>What an order costs: subtotal, less one discount, plus tax on the rest. The discounts do not add up.</summary>
internal sealed record Pricing(decimal Subtotal, decimal Discount, decimal Tax)
{
    public decimal Total => Subtotal - Discount + Tax;

    public static Pricing Of(IReadOnlyCollection<OrderItem> items, Region region)
    {
        var subtotal = items.Sum(item => item.LineTotal);
        var discount = LargeOrderDiscount.For(subtotal) ?? BulkDiscount.For(subtotal, items.Count) ?? 0.00m;
        return new Pricing(subtotal, discount, RegionalTax.On(subtotal - discount, region));
    }
}
