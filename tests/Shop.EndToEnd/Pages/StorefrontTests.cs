using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Shop.EndToEnd.Pages;

/// <summary>From the catalogue to the invoice.</summary>
public sealed class StorefrontTests(RunningShop shop, ChromiumBrowser chromium)
{
    private static readonly string s_notebook = Products.Number(0x35);
    private static readonly string s_candle = Products.Number(0x47);

    [Fact]
    public async Task The_catalogue_is_filtered_sorted_and_paged()
    {
        await using var shopper = await OpenAsync();
        var names = shopper.Page.Locator(".product-card-name");
        await shopper.GoToAsync("/");
        await shopper.Link("Browse the catalogue").ClickAsync();
        await shopper.SeesAsync("Catalogue");
        var first = await names.First.InnerTextAsync();

        await shopper.Link("Next page").ClickAsync();
        await Assertions.Expect(shopper.Link("First page")).ToBeVisibleAsync();
        await Assertions.Expect(names.First).Not.ToHaveTextAsync(first);
        await shopper
            .Page.GetByRole(AriaRole.Complementary)
            .GetByRole(AriaRole.Link, new() { Name = "Kitchen" })
            .ClickAsync();
        await shopper.SeesAsync("Kitchen");
        await shopper.Page.GetByLabel("Sort by").SelectOptionAsync("-price");

        await Assertions.Expect(names.First).ToHaveTextAsync("Barista Espresso Machine");
        await Assertions
            .Expect(shopper.Page)
            .ToHaveURLAsync(new Regex("category=kitchen.*sort=-price|sort=-price.*category=kitchen"));
        await shopper.Browser.AssertCleanAsync();
    }

    [Fact]
    public async Task The_search_suggests_while_one_types_and_the_keyboard_chooses()
    {
        await using var shopper = await OpenAsync();
        await shopper.GoToAsync("/");
        var search = shopper.Page.GetByRole(AriaRole.Combobox, new() { Name = "Search products" });

        await search.PressSequentiallyAsync("founta");
        var option = shopper.Page.GetByRole(AriaRole.Option, new() { Name = "Fountain Pen Fine Nib" });
        await Assertions.Expect(option).ToBeVisibleAsync();
        await shopper.Browser.AssertAccessibleAsync();
        await search.PressAsync("ArrowDown");
        await Assertions.Expect(option).ToHaveAttributeAsync("aria-selected", "true");
        await search.PressAsync("Enter");

        await shopper.SeesAsync("Fountain Pen Fine Nib");
        await search.FillAsync("<script>alert(1)</script>");
        await search.PressAsync("Enter");
        await shopper.SeesAsync("Results for “<script>alert(1)</script>”");
        await shopper.Browser.AssertCleanAsync();
    }

    [Fact]
    public async Task An_order_goes_from_a_strangers_basket_to_the_invoice_and_its_page_follows_it()
    {
        await using var shopper = await OpenAsync();
        await shopper.SignInAsync();
        await shopper.AddAsync(s_candle);
        await shopper.Page.Locator(".account-name").ClickAsync();
        await shopper.PressAsync("Sign out");
        await Assertions.Expect(shopper.Link("Sign in")).ToBeVisibleAsync();

        await shopper.AddAsync(s_notebook, 2);
        await shopper.Page.ReloadAsync();
        await Assertions.Expect(shopper.Link("Basket, 2 items")).ToBeVisibleAsync();
        await shopper.Link("Check out").ClickAsync();
        await shopper.FillSignInAsync(shopper.Email);

        await shopper.SeesAsync("Checkout");
        await Assertions.Expect(shopper.Link("Basket, 3 items")).ToBeVisibleAsync();
        await Assertions.Expect(shopper.Button("Place order")).ToBeHiddenAsync();
        await shopper.FillAddressAsync();
        await shopper.ChooseRegionAsync("US-CA");
        // 2 notebooks for $14.90 and a candle for $15.90, with California's 7.25 %.
        await Assertions.Expect(shopper.Page.Locator("dd.total")).ToHaveTextAsync("$49.01");
        var id = await shopper.PlaceAsync();

        await shopper.SeesAsync($"Order {id[^8..].ToUpperInvariant()}");
        await shopper.ReadsAsync("Your order is confirmed");
        await shopper.ReadsAsync("Inventory committed the stock.");
        await Assertions.Expect(shopper.Link("Basket, empty")).ToBeVisibleAsync();
        await shopper.GoToAsync("/orders");
        await shopper.ReadsAsync("2 × Dot Grid Notebook A5");
        await shopper.Link($"Order {id[^8..].ToUpperInvariant()}").ClickAsync();
        await OpenInvoiceAsync(shopper);
        await Assertions.Expect(shopper.Page.Locator("dd.total")).ToHaveTextAsync("$49.01");
        await Assertions.Expect(shopper.Button("Print")).ToBeVisibleAsync();
        await shopper.Browser.AssertCleanAsync();
    }

    // Billing hears of the order a moment after it is confirmed.
    private static async Task OpenInvoiceAsync(Shopper shopper)
    {
        var invoice = shopper.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Invoice ") });
        await shopper.ReloadUntilAsync(invoice);
        await invoice.ClickAsync();
        await Assertions
            .Expect(shopper.Page.GetByRole(AriaRole.Heading, new() { NameRegex = new Regex("^Invoice "), Level = 1 }))
            .ToBeVisibleAsync();
    }

    private Task<Shopper> OpenAsync() => Shopper.OpenAsync(chromium, shop.Client);
}
