using Microsoft.Playwright;
using Shop.EndToEnd.Pages;
using Shop.Testing;

namespace Shop.AppHost.Tests;

/// <summary>A service is down: the page says what is missing, and the rest of the shop works.</summary>
[Collection(nameof(CrashTests))]
public sealed class ServiceDownPageTests(RunningShop shop, ChromiumBrowser chromium)
{
    [Fact]
    public async Task Without_the_search_people_still_look_at_products_and_order()
    {
        await using var shopper = await Shopper.OpenAsync(chromium, shop.Client);
        await shopper.SignInAsync();
        await shop.KillAsync("search");
        try
        {
            await shopper.GoToAsync("/products");
            await shopper.ReadsAsync("Not available right now");
            await shopper.Browser.AssertAccessibleAsync();
            await shopper.Browser.ScreenshotAsync("catalogue-without-search");
            await shopper.GoToAsync("/");
            await shopper.ReadsAsync("Good things, well made.");
            await shopper.AddAsync(Products.Number(0x46));
            await shopper.CheckOutAsync();
            await shopper.PlaceAsync();
            await shopper.ReadsAsync("Your order is confirmed");
            await shopper.Browser.AssertCleanAsync();
        }
        finally
        {
            await shop.RestartAsync("search");
        }

        await shopper.GoToAsync("/products");
        await Assertions.Expect(shopper.Page.Locator(".product-card").First).ToBeVisibleAsync();
    }
}
