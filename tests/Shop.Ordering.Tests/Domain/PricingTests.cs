using FsCheck.Xunit;
using Shop.Ordering.Domain;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Domain;

public sealed class PricingTests
{
    [Theory]
    [InlineData("100.00", "0")]
    [InlineData("100.01", "10.00")]
    [InlineData("100.05", "10.01")]
    [InlineData("250.00", "25.00")]
    public void Ten_percent_off_only_above_one_hundred(string price, string discount) =>
        Assert.Equal(Amount(discount), new OrderBuilder().Line(Amount(price)).Build().Discount);

    [Theory]
    [InlineData(5, "0")]
    [InlineData(6, "3.00")]
    public void Five_percent_off_only_above_five_lines(int lines, string discount) =>
        Assert.Equal(Amount(discount), new OrderBuilder().Lines(lines, 10m).Build().Discount);

    [Fact]
    public void Bulk_discount_counts_lines_and_not_pieces() =>
        Assert.Equal(0m, new OrderBuilder().Line(1m, quantity: 50).Build().Discount);

    [Fact]
    public void The_two_discounts_do_not_add_up() =>
        Assert.Equal(20m, new OrderBuilder().Lines(10, 20m).Build().Discount);

    [Theory]
    [InlineData("US-CA", "7.25")]
    [InlineData("US-NY", "4.00")]
    [InlineData("US-TX", "6.25")]
    [InlineData("US-OR", "0.00")]
    [InlineData("US-WA", "6.50")]
    [InlineData("US-FL", "6.00")]
    [InlineData("DE-BE", "19.00")]
    [InlineData("DE-BY", "19.00")]
    [InlineData("GB-ENG", "20.00")]
    [InlineData("GB-SCT", "20.00")]
    [InlineData("FR-IDF", "20.00")]
    [InlineData("NL-NH", "21.00")]
    public void Tax_is_the_regions(string region, string tax) =>
        Assert.Equal(Amount(tax), new OrderBuilder().Line(100m).To(region).Build().Tax);

    [Fact]
    public void Tax_is_on_what_is_left_after_the_discount()
    {
        var order = new OrderBuilder().Line(200m).To("US-CA").Build();

        Assert.Equal((200m, 20m, 13.05m, 193.05m), (order.Subtotal, order.Discount, order.Tax, order.Total));
    }

    [Theory]
    [InlineData("0.10", "0.01")] // 0.00725
    [InlineData("2.00", "0.15")] // 0.145: half, away from zero
    [InlineData("6.00", "0.44")] // 0.435
    public void Half_a_cent_is_rounded_away_from_zero(string price, string tax) =>
        Assert.Equal(Amount(tax), new OrderBuilder().Line(Amount(price)).To("US-CA").Build().Tax);

    [Fact]
    public void Tax_is_rounded_once_per_order_and_not_per_line() =>
        Assert.Equal(0.15m, new OrderBuilder().Lines(4, 0.50m).To("US-CA").Build().Tax);

    [Fact]
    public void Every_region_lies_in_its_country_and_has_a_plausible_rate() =>
        Assert.All(
            Region.All,
            region =>
            {
                Assert.Matches("^[A-Z]{2}-[A-Z0-9]{1,3}$", region.Code);
                Assert.InRange(region.TaxRate, 0m, 0.25m);
            }
        );

    [Property]
    public void The_parts_add_up_and_nothing_is_negative((uint Cents, byte Quantity)[] lines, byte where)
    {
        var regions = Region.All.OrderBy(region => region.Code).ToList();
        var region = regions[where % regions.Count];
        var builder = new OrderBuilder().To(region.Code);
        foreach (var (cents, quantity) in lines.Take(100))
        {
            builder.Line(cents % 10_000_000 / 100m, 1 + quantity);
        }

        var order = builder.Build();

        Assert.Equal(order.Items.Sum(item => item.UnitPrice * item.Quantity), order.Subtotal);
        Assert.Equal(order.Subtotal - order.Discount + order.Tax, order.Total);
        Assert.InRange(order.Discount, 0m, order.Subtotal);
        Assert.True(order.Tax >= 0m);
        Assert.All(
            new[] { order.Discount, order.Tax, order.Total },
            amount => Assert.Equal(decimal.Round(amount, 2), amount)
        );
        Assert.True(
            Math.Abs(order.Tax - (order.Subtotal - order.Discount) * region.TaxRate) <= 0.005m,
            "the tax is not the rate on (subtotal - discount)"
        );
    }

    [Property]
    public void A_large_order_gets_ten_percent_and_never_the_bulk_discount_too(uint cents, byte lines)
    {
        var subtotal = cents / 100m;

        var pricing = Pricing.Of([.. Lines(subtotal, 1 + lines)], Anywhere);

        Assert.Equal(
            subtotal > 100m ? Money.RoundToCents(subtotal * 0.10m)
                : lines >= 5 ? Money.RoundToCents(subtotal * 0.05m)
                : 0m,
            pricing.Discount
        );
    }

    [Property]
    public void Each_policy_alone_is_its_rate_or_nothing(uint cents, byte lines)
    {
        var subtotal = cents / 100m;

        Assert.Equal(subtotal > 100m, LargeOrderDiscount.For(subtotal) is not null);
        Assert.Equal(lines > 5, BulkDiscount.For(subtotal, lines) is not null);
        Assert.InRange(LargeOrderDiscount.For(subtotal) ?? 0m, 0m, subtotal);
        Assert.InRange(BulkDiscount.For(subtotal, lines) ?? 0m, 0m, subtotal);
        Assert.All(Region.All, region => Assert.InRange(RegionalTax.On(subtotal, region), 0m, subtotal));
    }

    [Property]
    public void The_tax_is_on_what_is_left_and_so_never_more_than_it_would_be_without_discount(uint cents, byte where)
    {
        var region = Region.All[where % Region.All.Count];
        var subtotal = cents / 100m;

        var pricing = Pricing.Of([.. Lines(subtotal, 1)], region);

        Assert.Equal(RegionalTax.On(pricing.Subtotal - pricing.Discount, region), pricing.Tax);
        Assert.True(pricing.Tax <= RegionalTax.On(subtotal, region), "The tax was taken before the discount.");
        Assert.True(pricing.Total >= 0m);
    }

    private static Region Anywhere => Region.All.First(region => region.Code == "US-CA");

    /// <summary>One line with the amount, the others free.</summary>
    private static IEnumerable<OrderItem> Lines(decimal amount, int count) =>
        Enumerable
            .Range(1, count)
            .Select(line => new OrderItem(line, Guid.CreateVersion7(), "Lamp", line == 1 ? amount : 0m, 1));

    private static decimal Amount(string text) =>
        decimal.Parse(text, System.Globalization.CultureInfo.InvariantCulture);
}
