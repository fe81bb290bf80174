using Microsoft.Playwright;

namespace Shop.EndToEnd.Pages;

/// <summary><c>/docs</c>: the API to read and to try out.</summary>
public sealed class DocsPageTests(RunningShop shop, ChromiumBrowser chromium)
{
    [Fact]
    public async Task Shows_the_operations_and_loads_nothing_from_elsewhere()
    {
        var site = shop.Client.Http.BaseAddress!;
        await using var page = await chromium.OpenAsync(site);
        var elsewhere = new List<string>();
        page.Page.Request += (_, request) =>
        {
            var address = new Uri(request.Url);
            if (address.Scheme.StartsWith("http", StringComparison.Ordinal) && address.Authority != site.Authority)
                elsewhere.Add(request.Url);
        };

        await page.GoToAsync("/docs");

        await Assertions
            .Expect(page.Page.GetByRole(AriaRole.Link, new() { Name = "get /api/dashboard" }).First)
            .ToBeVisibleAsync();
        // Scalar tries whether it may compile at run time, and does without.
        Assert.All(
            page.Problems,
            problem => Assert.Contains("script-src blocked eval", problem, StringComparison.Ordinal)
        );
        Assert.Empty(elsewhere);
        await page.ScreenshotAsync("docs");
    }
}
