using System.Net;
using Microsoft.Playwright;
using Shop.EndToEnd.Walk;

namespace Shop.EndToEnd.Pages;

/// <summary>The pages on which people sign in and register.</summary>
public sealed class AccountPageTests(RunningShop shop, ChromiumBrowser chromium)
{
    private const string Login = "/account/login";
    private const string Register = "/account/register";

    private readonly string _email = $"{Guid.NewGuid():N}@people.test";

    public static TheoryData<string> HostileNames =>
        [HostileTexts.Script, "\"><img src=x onerror=alert(1)>", "عمر الخيّام"];

    [Theory]
    [InlineData(Login, "login")]
    [InlineData(Register, "register")]
    public async Task Is_accessible_and_fits_in_both_colour_schemes(string path, string name)
    {
        await using var page = await OpenAsync();

        await page.GoToAsync(path);

        await page.AssertAccessibleAsync();
        await page.AssertFitsAsync();
        await page.ScreenshotAsync(name);
        await page.AssertCleanAsync();
    }

    [Theory]
    [MemberData(nameof(HostileNames))]
    public async Task A_hostile_name_is_text(string name)
    {
        await using var page = await OpenAsync();
        page.Allow(HttpStatusCode.BadRequest);

        // Too short a password: the form comes back with the name.
        await RegisterAsync(page, name, "short");

        await Assertions.Expect(page.Page.GetByLabel("Name")).ToHaveValueAsync(name);
        Assert.Equal(0, await page.Page.Locator("script, img").CountAsync());
        await page.AssertAccessibleAsync();
        await page.AssertCleanAsync();
    }

    [Fact]
    public async Task Who_registers_is_signed_in_until_they_sign_out()
    {
        await using var page = await OpenAsync();

        await RegisterAsync(page, "Ada Lovelace", Account.Password);

        await SeesAsync(page, "You are signed in");
        await Assertions.Expect(page.Page.GetByText(_email)).ToBeVisibleAsync();
        await page.AssertAccessibleAsync();
        await page.Page.GetByRole(AriaRole.Link, new() { Name = "Sign out" }).ClickAsync();
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
        await page.GoToAsync(Login);
        await SeesAsync(page, "Sign in");
        await page.AssertCleanAsync();
    }

    private Task<BrowserPage> OpenAsync() => chromium.OpenAsync(shop.Client.Http.BaseAddress!);

    private async Task RegisterAsync(BrowserPage page, string name, string password)
    {
        await page.GoToAsync(Register);
        await page.Page.GetByLabel("Name").FillAsync(name);
        await page.Page.GetByLabel("E-mail address").FillAsync(_email);
        await page.Page.GetByLabel("Password").FillAsync(password);
        await page.Page.GetByRole(AriaRole.Button, new() { Name = "Create the account" }).ClickAsync();
    }

    private static Task SeesAsync(BrowserPage page, string heading) =>
        Assertions
            .Expect(page.Page.GetByRole(AriaRole.Heading, new() { Name = heading, Exact = true }))
            .ToBeVisibleAsync();
}
