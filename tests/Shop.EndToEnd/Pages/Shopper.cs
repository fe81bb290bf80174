using System.Diagnostics;
using System.Net;
using System.Net.Http.Json;
using System.Text.RegularExpressions;
using Microsoft.Playwright;

namespace Shop.EndToEnd.Pages;

/// <summary>Somebody at the storefront with a browser and an account of their own, and what people do there.</summary>
internal sealed partial class Shopper(BrowserPage browser, HttpClient http) : IAsyncDisposable
{
    private static readonly TimeSpan s_patience = TimeSpan.FromSeconds(60);

    public const string Visa = "Visa";
    public const string DeclinedCard = "A declined card";

    /// <summary>For the checks that every page is to pass.</summary>
    public BrowserPage Browser => browser;

    /// <summary>What the person looks at.</summary>
    public IPage Page => browser.Page;

    /// <summary>The account that <see cref="SignInAsync()"/> registers.</summary>
    public string Email { get; } = $"{Guid.NewGuid():N}@people.test";

    public static async Task<Shopper> OpenAsync(ChromiumBrowser chromium, ShopClient shop) =>
        new(await chromium.OpenAsync(shop.Http.BaseAddress!), shop.Stranger);

    public Task GoToAsync(string path) => browser.GoToAsync(path);

    /// <summary>Registers with the API, which is quicker, and signs in as people do.</summary>
    public async Task SignInAsync()
    {
        await RegisterAsync();
        await SignInAsync(Email);
    }

    /// <summary>Signs in from the page that is shown, and comes back to it.</summary>
    public async Task SignInAsync(string email)
    {
        if (Page.Url == "about:blank")
            await GoToAsync("/about");
        await Page.GetByRole(AriaRole.Link, new() { Name = "Sign in", Exact = true }).ClickAsync();
        await FillSignInAsync(email);
        await Assertions.Expect(Page.Locator(".account-name")).ToBeVisibleAsync();
    }

    /// <summary>Fills in the sign-in page that is shown.</summary>
    public async Task FillSignInAsync(string email)
    {
        await Page.GetByLabel("E-mail address").FillAsync(email);
        await Page.GetByLabel("Password").FillAsync(Account.Password);
        await Page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();
    }

    public async Task RegisterAsync()
    {
        var account = new
        {
            email = Email,
            name = "Ada Lovelace",
            password = Account.Password,
        };
        using var response = await http.PostAsJsonAsync("/api/users", account, TestContext.Current.CancellationToken);
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    /// <summary>Puts a product into the basket, which is then shown.</summary>
    public async Task AddAsync(string productId, int quantity = 1)
    {
        await GoToAsync($"/products/{productId}");
        await Page.GetByLabel("Quantity").FillAsync($"{quantity}");
        await PressAsync("Add to basket");
        await SeesAsync("Basket");
    }

    /// <summary>Goes to the checkout and fills it in, until the total is shown.</summary>
    public async Task CheckOutAsync(string payment = Visa)
    {
        await GoToAsync("/checkout");
        await FillAddressAsync();
        await Page.GetByRole(AriaRole.Radio, new() { Name = payment }).CheckAsync();
        await ChooseRegionAsync("US-CA");
    }

    public async Task FillAddressAsync()
    {
        await Page.GetByLabel("Street and number").FillAsync("12 Analytical Way");
        await Page.GetByLabel("Postal code").FillAsync("95814");
        await Page.GetByLabel("City").FillAsync("Sacramento");
    }

    /// <summary>Chooses a region, which shows the total with its tax and then the button that orders.</summary>
    public async Task ChooseRegionAsync(string code)
    {
        await Page.GetByLabel("Region").SelectOptionAsync(code);
        await Assertions.Expect(Button("Place order")).ToBeVisibleAsync();
    }

    /// <summary>Presses the button and waits for the order's page.</summary>
    /// <returns>The order's id.</returns>
    public async Task<string> PlaceAsync()
    {
        await PressAsync("Place order");
        await Page.WaitForURLAsync(OrderAddress(), new() { WaitUntil = WaitUntilState.Commit });
        return OrderAddress().Match(Page.Url).Groups[1].Value;
    }

    /// <summary>Signs in and orders a product.</summary>
    /// <returns>The order's id.</returns>
    public async Task<string> OrderAsync(string productId, string payment = Visa)
    {
        await SignInAsync();
        await AddAsync(productId);
        await CheckOutAsync(payment);
        return await PlaceAsync();
    }

    public Task PressAsync(string button) => Button(button).ClickAsync();

    public ILocator Button(string name) => Page.GetByRole(AriaRole.Button, new() { Name = name, Exact = true });

    public ILocator Link(string name) => Page.GetByRole(AriaRole.Link, new() { Name = name });

    /// <summary>The page's own heading.</summary>
    public Task SeesAsync(string heading) =>
        Assertions
            .Expect(
                Page.GetByRole(
                    AriaRole.Heading,
                    new()
                    {
                        Name = heading,
                        Exact = true,
                        Level = 1,
                    }
                )
            )
            .ToBeVisibleAsync();

    /// <summary>A text somewhere on the page.</summary>
    public Task ReadsAsync(string text) => Assertions.Expect(Page.GetByText(text).First).ToBeVisibleAsync();

    /// <summary>Loads the page again until it shows what another service does a moment later.</summary>
    public async Task ReloadUntilAsync(ILocator shown)
    {
        var since = Stopwatch.GetTimestamp();
        while (!await shown.First.IsVisibleAsync())
        {
            Assert.True(Stopwatch.GetElapsedTime(since) < s_patience, $"{Page.Url} does not show {shown}.");
            await Page.ReloadAsync();
        }
    }

    public ValueTask DisposeAsync() => browser.DisposeAsync();

    [GeneratedRegex("/orders/([0-9a-f-]{36})")]
    private static partial Regex OrderAddress();
}
