using System.Globalization;
using Shop.Catalog.Domain;

namespace Shop.Catalog.Tests.Domain;

public sealed class ProductRulesTests
{
    private static readonly ProductDetails Fine = new(
        "Umbrella",
        "Keeps the rain off.\nAnd the sun.",
        19.90m,
        "USD",
        ["outdoor", "home-office"],
        "umbrella-2.svg"
    );

    [Fact]
    public void A_proper_product_breaks_no_rule()
    {
        Assert.Empty(ProductRules.Check(Fine));
        Assert.Empty(ProductRules.Check(Fine with { Image = null }));
        Assert.Empty(ProductRules.Check(Fine with { Name = new string('n', 200) }));
        Assert.Empty(ProductRules.Check(Fine with { Description = new string('d', 4000) }));
    }

    [Theory]
    [InlineData("")]
    [InlineData("   ")]
    [InlineData("two\nlines")]
    [InlineData("nul\0")]
    public void A_name_is_one_line_of_text(string name) => Refused(Fine with { Name = name }, "name");

    [Fact]
    public void Texts_are_limited_in_length()
    {
        Refused(Fine with { Name = new string('n', 201) }, "name");
        Refused(Fine with { Description = new string('d', 4001) }, "description");
        Refused(Fine with { Categories = [new string('c', 41)] }, "categories");
        Refused(Fine with { Image = new string('i', 117) + ".svg" }, "image");
    }

    [Theory]
    [InlineData("")]
    [InlineData("bell\a")]
    [InlineData("nul\0")]
    public void A_description_is_plain_text(string description) =>
        Refused(Fine with { Description = description }, "description");

    [Theory]
    [InlineData("0", false)]
    [InlineData("-1", false)]
    [InlineData("0.01", true)]
    [InlineData("0.001", false)]
    [InlineData("1000000", true)]
    [InlineData("1000000.01", false)]
    [InlineData("79228162514264337593543950335", false)]
    public void A_price_is_positive_limited_and_in_cents(string price, bool fine)
    {
        var details = Fine with { Price = decimal.Parse(price, CultureInfo.InvariantCulture) };

        Assert.Equal(fine, ProductRules.Check(details).Count == 0);
    }

    [Theory]
    [InlineData("EUR")]
    [InlineData("usd")]
    [InlineData("")]
    public void The_shop_has_one_currency(string currency) => Refused(Fine with { Currency = currency }, "currency");

    [Theory]
    [InlineData("Outdoor")]
    [InlineData("home office")]
    [InlineData("-home")]
    [InlineData("home--office")]
    [InlineData("home\n")]
    [InlineData("")]
    public void A_category_is_a_slug(string category) => Refused(Fine with { Categories = [category] }, "categories");

    [Fact]
    public void A_product_has_1_to_10_different_categories()
    {
        Refused(Fine with { Categories = [] }, "categories");
        Refused(Fine with { Categories = ["home", "home"] }, "categories");
        Refused(Fine with { Categories = [.. Enumerable.Range(1, 11).Select(n => $"c{n}")] }, "categories");
    }

    [Theory]
    [InlineData("../secret.svg")]
    [InlineData("https://elsewhere.example/x.svg")]
    [InlineData("image.exe")]
    [InlineData("Image.svg")]
    [InlineData("")]
    public void An_image_is_a_file_of_ours(string image) => Refused(Fine with { Image = image }, "image");

    private static void Refused(ProductDetails details, string field) =>
        Assert.Equal([field], ProductRules.Check(details).Keys);
}
