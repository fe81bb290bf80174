using Microsoft.Playwright;
using Shop.EndToEnd.Walk;

namespace Shop.EndToEnd.Pages;

/// <summary>A new account at the storefront, and what it is told by.</summary>
public sealed class RegistrationPageTests(RunningShop shop, ChromiumBrowser chromium)
{
    private const string RightToLeft = "عمر الخيّام";

    [Theory]
    [InlineData(HostileTexts.Script)]
    [InlineData(RightToLeft)]
    public async Task Who_registers_sees_their_name_as_text_on_every_page(string name)
    {
        await using var shopper = await Shopper.OpenAsync(chromium, shop.Client);
        await shopper.GoToAsync("/register?returnUrl=/account");
        await shopper.Page.GetByLabel("Name").FillAsync(name);
        await shopper.Page.GetByLabel("E-mail address").FillAsync(shopper.Email);
        await shopper.Page.GetByLabel("Password").FillAsync(Account.Password);

        await shopper.PressAsync("Create the account");

        await shopper.SeesAsync("Your account");
        await Assertions.Expect(shopper.Page.Locator(".account-name")).ToHaveTextAsync(name);
        await Assertions.Expect(shopper.Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync(name);
        await shopper.AddAsync(Products.Number(0x44));
        await shopper.CheckOutAsync();
        await Assertions.Expect(shopper.Page.GetByLabel("Name", new() { Exact = true })).ToHaveValueAsync(name);
        await shopper.PlaceAsync();
        await shopper.ReadsAsync("Your order is confirmed");
        await Assertions.Expect(shopper.Page.Locator(".address bdi").First).ToHaveTextAsync(name);
        var invoice = shopper.Page.GetByRole(AriaRole.Link, new() { NameRegex = new("^Invoice ") });
        await shopper.ReloadUntilAsync(invoice);
        await invoice.ClickAsync();
        await Assertions.Expect(shopper.Page.Locator(".paper .address bdi").First).ToHaveTextAsync(name);
        await shopper.Browser.AssertAccessibleAsync();
        await shopper.Browser.AssertCleanAsync();
    }

    [Fact]
    public async Task Preferences_are_saved_and_SMS_needs_a_phone_number()
    {
        await using var shopper = await Shopper.OpenAsync(chromium, shop.Client);
        await shopper.SignInAsync();
        await shopper.GoToAsync("/notifications/preferences");
        var sms = shopper.Page.GetByRole(AriaRole.Checkbox, new() { Name = "SMS" });

        await sms.CheckAsync();
        await shopper.PressAsync("Save preferences");
        await shopper.ReadsAsync("SMS needs a phone number");
        await shopper.Page.GetByRole(AriaRole.Textbox, new() { Name = "Phone number" }).FillAsync("+1 (415) 555-0123");
        await shopper.PressAsync("Save preferences");

        await shopper.ReadsAsync("Your preferences have been saved");
        await shopper.GoToAsync("/account");
        await shopper.ReadsAsync("We tell you about your orders by e-mail and SMS");
        await Assertions
            .Expect(shopper.Page.GetByRole(AriaRole.Textbox, new() { Name = "Phone number" }))
            .ToHaveValueAsync("+14155550123");
        await shopper.Browser.AssertCleanAsync();
    }
}
