using System.Net;
using Microsoft.Playwright;

namespace Shop.EndToEnd.Pages;

/// <summary>
/// Each page is accessible in both colour schemes, fits a phone, is pictured, and has no error on the console, no failed
/// request and nothing that the Content-Security-Policy blocks.
/// </summary>
public sealed class EveryPageTests(RunningShop shop, ChromiumBrowser chromium)
{
    private static readonly string s_bowls = Products.Number(0x2e);

    [Fact]
    public async Task Pages_for_everybody()
    {
        await using var shopper = await Shopper.OpenAsync(chromium, shop.Client);
        await CheckAsync(shopper, "/", "home");
        await CheckAsync(shopper, "/products", "catalogue");
        await CheckAsync(shopper, "/products?q=zzzzzz", "catalogue-nothing-found");
        await CheckAsync(shopper, $"/products/{s_bowls}", "product");
        await CheckAsync(shopper, "/basket", "basket-empty");
        await shopper.AddAsync(s_bowls, 6);
        await CheckAsync(shopper, "/basket", "basket");
        await CheckAsync(shopper, "/about", "about");
        await CheckAsync(shopper, "/sign-in/failed", "sign-in-failed");
        shopper.Browser.Allow(HttpStatusCode.NotFound);
        await CheckAsync(shopper, "/no-such-page", "not-found");
        await CheckAsync(shopper, $"/products/{Guid.NewGuid()}", "product-not-found");
    }

    [Fact]
    public async Task Pages_of_a_shopper()
    {
        await using var shopper = await Shopper.OpenAsync(chromium, shop.Client);
        await shopper.SignInAsync();
        await CheckAsync(shopper, "/orders", "orders-none");
        await shopper.AddAsync(s_bowls);
        await CheckAsync(shopper, "/checkout", "checkout");
        await shopper.FillAddressAsync();
        await shopper.ChooseRegionAsync("US-CA");
        var id = await shopper.PlaceAsync();
        await shopper.ReadsAsync("Your order is confirmed");
        var invoice = shopper.Link("Invoice 2");
        await shopper.ReloadUntilAsync(invoice);
        var invoicePath = (await invoice.GetAttributeAsync("href"))!;

        await CheckAsync(shopper, "/orders", "orders");
        await CheckAsync(shopper, $"/orders/{id}", "order");
        await CheckAsync(shopper, "/invoices", "invoices");
        await CheckAsync(shopper, invoicePath, "invoice");
        await CheckAsync(shopper, "/notifications", "notifications");
        await CheckAsync(shopper, "/notifications/preferences", "preferences");
        await CheckAsync(shopper, "/account", "account");
        shopper.Browser.Allow(HttpStatusCode.Forbidden);
        await CheckAsync(shopper, "/access-denied", "access-denied");
        shopper.Browser.Allow(HttpStatusCode.NotFound);
        await CheckAsync(shopper, $"/orders/{Guid.NewGuid()}", "order-not-found");
    }

    [Fact]
    public async Task Pages_of_the_staff()
    {
        var customer = new Person(shop.Client.Stranger);
        var order = await customer.OrderAsync(s_bowls, 1);
        var user = (await customer.GetAsync("/api/users/me")).GetProperty("id").GetString();
        await customer.WaitForStatusAsync(order, "Confirmed");
        await using var staff = await Shopper.OpenAsync(chromium, shop.Client);
        await staff.SignInAsync("admin@shop.test");

        await CheckAsync(staff, "/staff/orders", "staff-orders");
        await CheckAsync(staff, $"/staff/orders/{order}", "staff-order");
        await CheckAsync(staff, "/staff/stock", "staff-stock");
        await CheckAsync(staff, $"/staff/stock/{s_bowls}", "staff-stock-product");
        await CheckAsync(staff, "/staff/products", "staff-products");
        await CheckAsync(staff, "/staff/products/new", "staff-product-new");
        await CheckAsync(staff, $"/staff/products/{s_bowls}", "staff-product");
        await CheckAsync(staff, "/staff/dead-letters", "staff-dead-letters");
        await CheckAsync(staff, "/staff/dead-letters/notifications", "staff-dead-letters-context");
        await CheckAsync(staff, "/staff/outbox", "staff-outbox");
        await CheckAsync(staff, "/staff/users", "staff-users");
        await CheckAsync(staff, $"/staff/users/{user}", "staff-user");
    }

    private static async Task CheckAsync(Shopper shopper, string path, string name)
    {
        await shopper.Page.SetWidthAsync(Appearance.Desktop);
        await shopper.GoToAsync(path);
        await Assertions.Expect(shopper.Page.GetByRole(AriaRole.Heading, new() { Level = 1 })).ToHaveCountAsync(1);
        await shopper.Browser.AssertAccessibleAsync();
        await shopper.Browser.AssertFitsAsync();
        await shopper.Browser.ScreenshotAsync(name);
        await shopper.Browser.AssertCleanAsync();
    }
}
