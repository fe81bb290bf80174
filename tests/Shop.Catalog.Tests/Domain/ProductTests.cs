using Shop.Catalog.Domain;

namespace Shop.Catalog.Tests.Domain;

public sealed class ProductTests
{
    private static readonly DateTimeOffset Monday = new(2026, 1, 5, 9, 0, 0, TimeSpan.Zero);

    private static readonly ProductDetails Details = new(
        "Umbrella",
        "Keeps the rain off.",
        19.90m,
        "USD",
        ["outdoor"],
        "umbrella.svg"
    );

    [Fact]
    public void A_new_product_has_its_details_and_version_1()
    {
        var id = Guid.CreateVersion7();

        var product = Product.Create(id, Details, Monday);

        Assert.Equal(id, product.Id);
        Assert.Equal(Details, product.Details);
        Assert.Equal(1, product.Version);
        Assert.Equal(Monday, product.CreatedAt);
    }

    [Fact]
    public void A_change_counts_the_version_up()
    {
        var product = Product.Create(Guid.CreateVersion7(), Details, Monday);

        Assert.True(product.Change(Details with { Price = 25m }, Monday.AddDays(1)));

        Assert.Equal(25m, product.Price);
        Assert.Equal(2, product.Version);
        Assert.Equal(Monday, product.CreatedAt);
        Assert.Equal(Monday.AddDays(1), product.UpdatedAt);
    }

    [Fact]
    public void A_change_to_the_same_is_none()
    {
        var product = Product.Create(Guid.CreateVersion7(), Details, Monday);

        Assert.False(product.Change(Details with { Categories = ["outdoor"] }, Monday.AddDays(1)));

        Assert.Equal(1, product.Version);
        Assert.Equal(Monday, product.UpdatedAt);
    }

    [Fact]
    public void Details_that_break_a_rule_change_nothing()
    {
        var product = Product.Create(Guid.CreateVersion7(), Details, Monday);

        Assert.Throws<ArgumentException>(() => product.Change(Details with { Name = "Hat", Price = 0 }, Monday));

        Assert.Equal(Details, product.Details);
        Assert.Equal(1, product.Version);
    }

    [Fact]
    public void Stock_is_never_negative() =>
        Assert.Throws<ArgumentOutOfRangeException>(() => new StockLevel(Guid.CreateVersion7(), -1, Monday));
}
