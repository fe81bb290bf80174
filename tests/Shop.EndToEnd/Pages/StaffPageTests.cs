using System.Net;
using Microsoft.Playwright;

namespace Shop.EndToEnd.Pages;

/// <summary>What staff do with an order, while its shopper looks on.</summary>
public sealed class StaffPageTests(RunningShop shop, ChromiumBrowser chromium)
{
    [Fact]
    public async Task An_operator_finds_the_order_and_ships_it_and_the_shoppers_page_follows()
    {
        await using var shopper = await Shopper.OpenAsync(chromium, shop.Client);
        await using var staff = await Shopper.OpenAsync(chromium, shop.Client);
        var id = await shopper.OrderAsync(Products.Number(0x41));
        await shopper.ReadsAsync("Your order is confirmed");
        await staff.SignInAsync("operator@shop.test");

        await staff.Link("Staff").ClickAsync();
        await staff.SeesAsync("Orders");
        await staff.Page.GetByLabel("Order or user id").FillAsync(id);
        await staff.Page.GetByRole(AriaRole.Search, new() { Name = "Orders" }).GetByRole(AriaRole.Button).ClickAsync();
        await staff.Page.GetByRole(AriaRole.Link, new() { Name = id, Exact = true }).ClickAsync();
        await staff.SeesAsync($"Order {id[^8..].ToUpperInvariant()}");
        await staff.Page.GetByLabel("Carrier").FillAsync("DHL");
        await staff.Page.GetByLabel("Tracking number").FillAsync("JD014600003RU");
        await staff.PressAsync("Ship");

        await Assertions.Expect(staff.Button("Mark as delivered")).ToBeVisibleAsync();
        await Assertions.Expect(staff.Page.GetByText("Cancel the order…")).ToBeHiddenAsync();
        await shopper.ReadsAsync("Your order is on its way");
        await shopper.ReadsAsync("JD014600003RU");
        await staff.PressAsync("Mark as delivered");
        await shopper.ReadsAsync("Your order has arrived");
        await shopper.Browser.AssertCleanAsync();
        await staff.Browser.AssertCleanAsync();
    }

    [Fact]
    public async Task An_operator_is_offered_a_refund_when_the_order_has_left_and_the_shopper_sees_it()
    {
        await using var shopper = await Shopper.OpenAsync(chromium, shop.Client);
        await using var staff = await Shopper.OpenAsync(chromium, shop.Client);
        var id = await shopper.OrderAsync(Products.Number(0x41));
        await shopper.ReadsAsync("Your order is confirmed");
        await staff.SignInAsync("operator@shop.test");

        await staff.GoToAsync($"/staff/orders/{id}");
        await Assertions.Expect(staff.Page.GetByText("Cancel the order…")).ToBeVisibleAsync();
        await Assertions.Expect(staff.Page.GetByText("Refund…")).ToBeHiddenAsync();
        await staff.PressAsync("Ship");
        await Assertions.Expect(staff.Button("Mark as delivered")).ToBeVisibleAsync();
        await staff.ReloadUntilAsync(staff.Page.GetByText("Refund…"));
        await staff.Page.GetByText("Refund…").ClickAsync();
        await staff.Page.GetByLabel("Reason").FillAsync("arrived broken");
        await staff.Page.Locator("details.ask[open]").GetByRole(AriaRole.Button).ClickAsync();

        await shopper.ReadsAsync("You have your money back.");
        await staff.ReloadUntilAsync(staff.Page.GetByText("Paid back"));
        await Assertions.Expect(staff.Page.GetByText("Refund…")).ToBeHiddenAsync();
        await shopper.Browser.AssertCleanAsync();
        await staff.Browser.AssertCleanAsync();
    }

    [Fact]
    public async Task A_customer_is_not_shown_the_staff_area()
    {
        await using var shopper = await Shopper.OpenAsync(chromium, shop.Client);
        shopper.Browser.Allow(HttpStatusCode.Forbidden);
        await shopper.SignInAsync();
        await Assertions.Expect(shopper.Link("Staff")).ToBeHiddenAsync();

        await shopper.GoToAsync("/staff/orders");

        await Assertions.Expect(shopper.Page.GetByRole(AriaRole.Table)).ToBeHiddenAsync();
        Assert.Contains("/access-denied", shopper.Page.Url, StringComparison.Ordinal);
        await shopper.Browser.AssertAccessibleAsync();
        await shopper.Browser.AssertCleanAsync();
    }
}
