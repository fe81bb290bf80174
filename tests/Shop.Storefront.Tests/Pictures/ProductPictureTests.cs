using System.Text.Json;
using System.Xml.Linq;
using Shop.Storefront.Api;
using Shop.Storefront.Pictures;
using Shop.Testing;

namespace Shop.Storefront.Tests.Pictures;

public sealed class ProductPictureTests
{
    private static readonly Guid Id = new("01900000-0000-7000-8000-000000100001");

    public static TheoryData<string> SeedProducts { get; } = [.. Seed().Select(product => product.Name)];

    [Theory]
    [MemberData(nameof(SeedProducts))]
    public void Every_product_of_the_seed_has_a_motif_of_its_kind(string name)
    {
        var motif = MotifChoice.Of(name, categories: []);

        Assert.NotEqual(Motif.Generic, motif);
        Assert.Contains(motif, Motif.Names);
    }

    [Fact]
    public void A_basket_that_knows_no_categories_shows_the_same_picture()
    {
        foreach (var product in Seed())
        {
            Assert.Equal(ProductPicture.AddressOf(product), ProductPicture.AddressOf(product.Id, product.Name));
        }
    }

    [Theory]
    [InlineData("Featherlight Sleeping Bag", "sleeping-bag")]
    [InlineData("Canvas Bag", "duffel")]
    [InlineData("Chess Board", "cutting-board")]
    [InlineData("Chess Board Game", "board-game")]
    [InlineData("CHEF'S KNIFE", "knife")]
    [InlineData("Thing", "parcel")]
    [InlineData("", "parcel")]
    public void The_last_noun_says_what_a_product_is(string name, string motif) =>
        Assert.Equal(motif, MotifChoice.Of(name, categories: []));

    [Fact]
    public void A_category_decides_when_no_word_does() =>
        Assert.Equal("book", MotifChoice.Of("Distributed Systems", ["unknown", "books"]));

    [Theory]
    [InlineData("01900000-0000-7000-8000-000000100001", "#e8e4ef")]
    [InlineData("01900000-0000-7000-8000-000000100002", "#f2e9cf")]
    [InlineData("01900000-0000-7000-8000-000000100003", "#e4e7ea")]
    public void A_product_has_the_same_colours_in_every_process(string id, string background) =>
        Assert.Contains(
            $"""<rect width="400" height="300" fill="{background}"/>""",
            ProductPicture.Draw("shoe", Guid.Parse(id)),
            StringComparison.Ordinal
        );

    [Fact]
    public void Neighbours_in_the_catalogue_differ_in_colour()
    {
        var pictures = Enumerable.Range(0, 20).Select(n => ProductPicture.Draw("shoe", new Guid(n, 0, 0, new byte[8])));

        Assert.True(pictures.Distinct().Count() > 8, "Fewer than 9 of 20 products look different.");
    }

    [Theory]
    [InlineData("\"><script>alert(1)</script>")]
    [InlineData("../../../etc/passwd")]
    [InlineData("SHOE")]
    [InlineData("")]
    public void A_hostile_motif_is_drawn_as_the_generic_one(string motif) =>
        Assert.Equal(ProductPicture.Draw(Motif.Generic, Id), ProductPicture.Draw(motif, Id));

    [Fact]
    public void An_address_holds_nothing_of_a_hostile_name() =>
        Assert.Equal($"/pictures/parcel/{Id}.svg", ProductPicture.AddressOf(Id, "\"><img src=x onerror=alert(1)>/../"));

    [Fact]
    public void Every_motif_is_well_formed_and_has_no_grey_of_the_drawing_left()
    {
        foreach (var motif in Motif.Names)
        {
            var picture = XDocument.Parse(ProductPicture.Draw(motif, Id));

            var colours = picture.Descendants().Attributes().Where(a => a.Name == "fill" || a.Name == "stroke");
            Assert.DoesNotContain(colours, colour => colour.Value is "#333" or "#777" or "#bbb" or "#c33" or "#fff");
        }
    }

    private static List<Product> Seed()
    {
        var path = Repository.PathOf("services", "Shop.Catalog", "Data", "Seed", "products.json");
        return JsonSerializer.Deserialize<List<Product>>(File.ReadAllText(path), JsonSerializerOptions.Web)!;
    }
}
