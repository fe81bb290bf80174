using System.Net;
using Microsoft.Playwright;
using Xunit.Sdk;

namespace Shop.EndToEnd.Pages;

/// <summary>The tools of page tests find what they are for.</summary>
public sealed class BrowserPageTests(ChromiumBrowser chromium)
{
    private static readonly Uri s_site = new("http://page.test/");

    [Theory]
    [InlineData("<script>console.error('it broke')</script>", "console: it broke")]
    [InlineData("<script>throw new Error('it broke')</script>", "script: ")]
    [InlineData("<script>fetch('/missing')</script>", "GET http://page.test/missing answered 404")]
    [InlineData("<img alt='' src='/down'>", "GET http://page.test/down: net::ERR_CONNECTION_REFUSED")]
    [InlineData("<style>p { color: red }</style>", "content security policy: style-src-elem blocked inline on /")]
    public async Task A_page_with_a_hidden_problem_is_not_clean(string html, string problem)
    {
        await using var page = await OpenAsync(html);
        // A page does not wait for what its scripts fetch.
        await page.Page.WaitForLoadStateAsync(LoadState.NetworkIdle);

        var found = await Assert.ThrowsAnyAsync<XunitException>(page.AssertCleanAsync);

        Assert.Contains(problem, found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task An_answer_that_the_test_is_about_leaves_the_page_clean()
    {
        await using var page = await OpenAsync("<p>", before: page => page.Allow(HttpStatusCode.NotFound));

        await page.Page.EvaluateAsync("fetch('/missing').then(answer => answer.status)");

        await page.AssertCleanAsync();
    }

    [Theory]
    [InlineData("<input name=city>", "label (critical) at input: ")]
    [InlineData("<p class=pale>Hardly to be read</p>", "color-contrast (serious) at p")]
    public async Task A_page_that_some_cannot_use_is_not_accessible(string html, string problem)
    {
        await using var page = await OpenAsync(html);

        var found = await Assert.ThrowsAnyAsync<XunitException>(page.AssertAccessibleAsync);

        Assert.Contains(problem, found.Message, StringComparison.Ordinal);
        Assert.Contains("https://dequeuniversity.com/rules/", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_page_wider_than_a_phone_does_not_fit()
    {
        await using var page = await OpenAsync("<div class=wide>Wide</div>");

        var found = await Assert.ThrowsAnyAsync<XunitException>(page.AssertFitsAsync);

        Assert.Contains("in a window of 360 px", found.Message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Two_pages_share_nothing()
    {
        await using var mine = await OpenAsync("<p>");
        await using var theirs = await OpenAsync("<p>");

        await mine.Page.EvaluateAsync("localStorage.basket = 'full'");

        Assert.Null(await theirs.Page.EvaluateAsync<string?>("localStorage.basket ?? null"));
    }

    // No server is asked: the test answers itself.
    private async Task<BrowserPage> OpenAsync(string html, Action<BrowserPage>? before = null)
    {
        var page = await chromium.OpenAsync(s_site);
        await page.Page.RouteAsync("**/*", route => route.FulfillAsync(new() { Status = 404, Body = "" }));
        await page.Page.RouteAsync("**/down", route => route.AbortAsync("connectionrefused"));
        await page.Page.RouteAsync(
            "**/page.css",
            route => route.FulfillAsync(new() { Body = Css, ContentType = "text/css" })
        );
        await page.Page.RouteAsync(
            s_site.ToString(),
            route =>
                route.FulfillAsync(
                    new()
                    {
                        ContentType = "text/html",
                        Headers =
                        [
                            new("Content-Security-Policy", "default-src 'self'; script-src 'self' 'unsafe-inline'"),
                        ],
                        Body =
                            $"<!doctype html><html lang=en><title>Test</title><link rel=stylesheet href=page.css><main><h1>Test</h1>{html}</main>",
                    }
                )
        );
        before?.Invoke(page);
        await page.GoToAsync("/");
        return page;
    }

    private const string Css = "body { background: #fff } .pale { color: #ddd } .wide { width: 900px }";
}
