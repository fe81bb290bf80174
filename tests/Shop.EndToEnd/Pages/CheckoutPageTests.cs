using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Shop.EndToEnd.Pages;

/// <summary>What can come between a shopper and their order.</summary>
public sealed class CheckoutPageTests(RunningShop shop, ChromiumBrowser chromium)
{
    private static readonly string s_scale = Products.Number(0x2f);
    private static readonly string s_bowls = Products.Number(0x2e);
    private static readonly string[] s_categories = ["home"];

    private readonly Person _admin = new(shop.Client.Stranger, "admin");
    private readonly Person _operator = new(shop.Client.Stranger, "operator");

    [Fact]
    public async Task A_declined_card_cancels_the_order_and_the_page_says_why()
    {
        await using var shopper = await OpenAsync();

        await shopper.OrderAsync(s_scale, Shopper.DeclinedCard);

        await shopper.ReadsAsync("This order was cancelled");
        await shopper.ReadsAsync("The card was declined");
        await Assertions.Expect(shopper.Page.GetByText("Cancel this order")).ToBeHiddenAsync();
        await shopper.Browser.AssertAccessibleAsync();
        await shopper.Browser.AssertCleanAsync();
    }

    [Fact]
    public async Task An_order_that_is_cancelled_is_refunded_and_the_invoice_says_so()
    {
        await using var shopper = await OpenAsync();
        await shopper.OrderAsync(s_scale);
        await shopper.ReadsAsync("Your order is confirmed");
        var invoice = shopper.Page.GetByRole(AriaRole.Link, new() { NameRegex = new Regex("^Invoice ") });
        await shopper.ReloadUntilAsync(invoice);

        await shopper.Page.GetByText("Cancel this order").ClickAsync();
        await shopper.PressAsync("Cancel the order");

        await shopper.ReadsAsync("This order was cancelled");
        await invoice.ClickAsync();
        await Assertions.Expect(shopper.Page.GetByText("Billed to")).ToBeVisibleAsync();
        await shopper.ReloadUntilAsync(shopper.Page.GetByText("Credit note"));
        await shopper.ReadsAsync("went back to you");
        await shopper.Browser.AssertCleanAsync();
    }

    [Fact]
    public async Task A_double_click_places_one_order_and_going_back_places_no_second_one()
    {
        await using var shopper = await OpenAsync();
        await shopper.SignInAsync();
        await shopper.AddAsync(s_scale);
        await shopper.CheckOutAsync();

        await shopper.Button("Place order").DblClickAsync();
        await shopper.ReadsAsync("Your order is confirmed");
        await shopper.Page.GoBackAsync();

        await shopper.SeesAsync("Checkout");
        await shopper.ReadsAsync("Your basket is empty");
        await shopper.GoToAsync("/orders");
        await Assertions.Expect(shopper.Page.Locator(".order-row")).ToHaveCountAsync(1);
        await shopper.Browser.AssertCleanAsync();
    }

    [Fact]
    public async Task Two_tabs_that_add_to_the_basket_lose_nothing()
    {
        await using var shopper = await OpenAsync();
        await shopper.AddAsync(s_bowls);
        await shopper.GoToAsync($"/products/{s_scale}");
        var other = await shopper.Page.Context.NewPageAsync();
        await other.GotoAsync($"/products/{s_bowls}");

        await Task.WhenAll(
            shopper.PressAsync("Add to basket"),
            other.GetByRole(AriaRole.Button, new() { Name = "Add to basket" }).ClickAsync()
        );

        await shopper.SeesAsync("Basket");
        await Assertions
            .Expect(other.GetByRole(AriaRole.Heading, new() { Name = "Basket", Exact = true }))
            .ToBeVisibleAsync();
        await shopper.Page.ReloadAsync();
        await Assertions.Expect(shopper.Link("Basket, 3 items")).ToBeVisibleAsync();
        await shopper.Browser.AssertCleanAsync();
    }

    [Fact]
    public async Task A_price_that_changed_meanwhile_is_asked_about_before_anything_is_ordered()
    {
        var product = await CreateAsync(stock: 3);
        await using var shopper = await OpenAsync();
        await shopper.SignInAsync();
        await shopper.AddAsync(product);
        await shopper.CheckOutAsync();
        await ChangePriceAsync(product, 24m);

        await shopper.PressAsync("Place order");

        await shopper.ReadsAsync("The price has changed");
        await shopper.ReadsAsync("You saw $21.45");
        await Assertions.Expect(shopper.Page.Locator("dd.total")).ToHaveTextAsync("$25.74");
        await shopper.Browser.AssertAccessibleAsync();
        await shopper.PlaceAsync();
        await shopper.ReadsAsync("Your order is confirmed");
        await Assertions.Expect(shopper.Page.Locator("dd.total")).ToHaveTextAsync("$25.74");
        await shopper.Browser.AssertCleanAsync();
    }

    [Fact]
    public async Task The_last_item_that_somebody_else_buys_is_not_ordered()
    {
        var product = await CreateAsync(stock: 1);
        await using var shopper = await OpenAsync();
        await shopper.SignInAsync();
        await shopper.AddAsync(product);
        await shopper.CheckOutAsync();
        var other = new Person(shop.Client.Stranger);
        await other.WaitForStatusAsync(await other.OrderAsync(product, 1), "Confirmed");

        await shopper.PressAsync("Place order");

        // Ordering may know already, or the saga finds out.
        await Assertions
            .Expect(
                shopper.Page.GetByText(new Regex("out of stock|not enough|sold out", RegexOptions.IgnoreCase)).First
            )
            .ToBeVisibleAsync();
        await shopper.GoToAsync($"/products/{product}");
        await shopper.ReloadUntilAsync(shopper.Page.GetByText("Out of stock"));
        await Assertions.Expect(shopper.Button("Add to basket")).ToBeHiddenAsync();
        await shopper.Browser.AssertCleanAsync();
    }

    [Theory]
    [InlineData(true)]
    [InlineData(false)]
    public async Task Whose_session_ends_in_the_middle_finds_what_they_typed(bool isKnownToTheIssuer)
    {
        await using var shopper = await OpenAsync();
        await shopper.SignInAsync();
        await shopper.AddAsync(s_scale);
        await shopper.CheckOutAsync();
        await shopper.Page.GetByLabel("City").FillAsync("Fresno");
        await shopper.Page.Context.ClearCookiesAsync(
            isKnownToTheIssuer ? new() { NameRegex = new Regex("shop\\.signin") } : null
        );

        await shopper.PressAsync("Place order");
        if (!isKnownToTheIssuer)
            await shopper.FillSignInAsync(shopper.Email);

        await shopper.SeesAsync("Checkout");
        await Assertions.Expect(shopper.Page.Locator(".account-name")).ToBeVisibleAsync();
        await Assertions.Expect(shopper.Page.GetByLabel("Street and number")).ToHaveValueAsync("12 Analytical Way");
        await Assertions.Expect(shopper.Page.GetByLabel("City")).ToHaveValueAsync("Fresno");
        await Assertions.Expect(shopper.Page.GetByLabel("Region")).ToHaveValueAsync("US-CA");
        await shopper.ReadsAsync("1 × Digital Kitchen Scale");
        await shopper.PlaceAsync();
        await shopper.ReadsAsync("Your order is confirmed");
        await shopper.Browser.AssertCleanAsync();
    }

    private Task<Shopper> OpenAsync() => Shopper.OpenAsync(chromium, shop.Client);

    /// <summary>A product of the test's own, for $20.</summary>
    private async Task<string> CreateAsync(int stock)
    {
        var details = new
        {
            name = $"Walnut Bookend {Guid.NewGuid():N}",
            description = "Holds books.",
            price = 20m,
            categories = s_categories,
        };
        using var created = await _admin.PostAsync("/api/products", details);
        Assert.Equal(HttpStatusCode.Created, created.StatusCode);
        var product = await created.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
        var id = product.GetProperty("id").GetString()!;
        await _admin.WaitForFoundAsync($"/api/inventory/{id}");
        using var restock = await _operator.PostAsync($"/api/inventory/{id}/restock", new { quantity = stock });
        Assert.True(restock.IsSuccessStatusCode, $"The restock answered {(int)restock.StatusCode}.");
        await _admin.WaitForAsync(
            $"/api/products/{id}/availability?quantity={stock}",
            "available",
            answer => answer.GetProperty("availableStock").GetInt32() == stock
        );
        return id;
    }

    private async Task ChangePriceAsync(string id, decimal price)
    {
        using var read = await _admin.GetResponseAsync($"/api/products/{id}");
        var product = JsonNode.Parse(await read.Content.ReadAsStringAsync(TestContext.Current.CancellationToken))!;
        using var change = new HttpRequestMessage(HttpMethod.Put, $"/api/products/{id}")
        {
            Content = JsonContent.Create(
                new JsonObject
                {
                    ["name"] = product["name"]!.DeepClone(),
                    ["description"] = product["description"]!.DeepClone(),
                    ["categories"] = product["categories"]!.DeepClone(),
                    ["price"] = price,
                }
            ),
        };
        change.Headers.TryAddWithoutValidation("If-Match", read.Headers.ETag!.ToString());
        using var changed = await _admin.SendAsSelfAsync(change);
        Assert.True(changed.IsSuccessStatusCode, $"The change answered {(int)changed.StatusCode}.");
    }
}
