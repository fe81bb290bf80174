using System.Text.Json;
using Shop.Storefront.Api;
using Shop.Storefront.Pages.Staff;

namespace Shop.Storefront.Tests.Staff;

public sealed class ProductFormTests
{
    private static readonly Product s_lamp = new(
        Guid.Empty,
        "Lamp",
        "Bright.\nWarm.",
        39.9m,
        "USD",
        ["home-office", "lamps"],
        Image: null,
        Stock: 3
    );

    [Fact]
    public void A_product_that_is_not_touched_has_no_differences()
    {
        var form = ProductForm.Of(s_lamp, "\"1.0\"");
        // As a browser sends it.
        form.Description = "Bright.\r\nWarm.";
        form.Image = "";

        Assert.Empty(form.Differences(ProductForm.Of(s_lamp, "\"2.0\"")));
    }

    [Fact]
    public void Each_field_that_differs_is_told_with_both_values()
    {
        var mine = ProductForm.Of(s_lamp, etag: null);
        mine.Price = "41.00";

        var difference = Assert.Single(mine.Differences(ProductForm.Of(s_lamp, etag: null)));

        Assert.Equal(("Price", "41.00", "39.90"), difference);
    }

    [Theory]
    [InlineData("")]
    [InlineData("abc")]
    [InlineData("1,234.50")]
    [InlineData("-1")]
    [InlineData("1e3")]
    public void A_price_that_is_no_plain_number_is_refused_at_its_field(string price)
    {
        var (body, problem) = new ProductForm { Price = price }.ToBody();

        Assert.Null(body);
        Assert.Equal(["price"], problem?.Errors?.Keys);
    }

    [Fact]
    public void The_body_has_the_categories_one_by_one_and_no_empty_picture()
    {
        var form = ProductForm.Of(s_lamp, etag: null);
        form.Categories = " home-office,, lamps ,";
        form.Image = " ";

        var body = JsonSerializer.SerializeToElement(form.ToBody().Body);

        Assert.Equal("""["home-office","lamps"]""", body.GetProperty("categories").GetRawText());
        Assert.Equal(JsonValueKind.Null, body.GetProperty("image").ValueKind);
        Assert.Equal(39.90m, body.GetProperty("price").GetDecimal());
    }
}
