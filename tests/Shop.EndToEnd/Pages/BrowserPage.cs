using System.Collections.Concurrent;
using System.Diagnostics;
using System.Net;
using Microsoft.Playwright;
using Shop.EmbeddedPostgres;

namespace Shop.EndToEnd.Pages;

/// <summary>
/// A page of somebody's browser. It notes what the person would not see: errors on the console, failed requests, and what the
/// content security policy blocked.
/// </summary>
internal sealed class BrowserPage : IAsyncDisposable
{
    /// <summary>How long anything on a page may take. Playwright's message says what it waited for.</summary>
    public static readonly TimeSpan Limit = TimeSpan.FromSeconds(45);

    // Two shops that start on two cores compile for a minute before each answers within the gateway's limit.
    private static readonly TimeSpan s_busyLimit = TimeSpan.FromMinutes(2);

    private const string ViolationBinding = "shopPolicyViolation";

    private static readonly string s_screenshots = Path.Combine(
        EmbeddedPrograms.Root,
        "artifacts",
        "screenshots",
        typeof(BrowserPage).Assembly.GetName().Name!
    );

    private readonly ConcurrentQueue<string> _problems = [];
    private readonly ConcurrentDictionary<int, bool> _allowed = [];
    private readonly IBrowserContext _context;

    private BrowserPage(IBrowserContext context, IPage page)
    {
        (_context, Page) = (context, page);
        page.Console += (_, message) => Note(message);
        page.PageError += (_, error) => _problems.Enqueue($"script: {error}");
        page.RequestFailed += (_, request) => Note(request);
        page.Response += (_, response) => Note(response);
    }

    /// <summary>For what Playwright offers. Its waits end after <see cref="Limit"/>.</summary>
    public IPage Page { get; }

    /// <summary>What was wrong so far.</summary>
    public IReadOnlyCollection<string> Problems => _problems;

    /// <summary>Opens an empty page.</summary>
    public static async Task<BrowserPage> OpenAsync(IBrowserContext context)
    {
        context.SetDefaultTimeout((float)Limit.TotalMilliseconds);
        Assertions.SetDefaultExpectTimeout((float)Limit.TotalMilliseconds);
        var page = new BrowserPage(context, await context.NewPageAsync());
        await page.Page.ExposeFunctionAsync<string>(
            ViolationBinding,
            violation => page._problems.Enqueue($"content security policy: {violation}")
        );
        await page.Page.AddInitScriptAsync(
            $$"""
            addEventListener('securitypolicyviolation', e =>
                {{ViolationBinding}}(`${e.effectiveDirective} blocked ${e.blockedURI || 'something'} on ${location.pathname}`));
            """
        );
        return page;
    }

    /// <summary>
    /// Goes to a path of the shop and waits until the page and what it refers to are loaded. On a busy machine the gateway may
    /// say that the shop does not answer in time. Then the page is loaded again, as people do.
    /// </summary>
    public async Task GoToAsync(string path)
    {
        for (var clock = Stopwatch.StartNew(); await Page.GotoAsync(path) is { Status: 502 or 503 or 504 } answer; )
        {
            Assert.True(
                clock.Elapsed < s_busyLimit,
                $"{path} still answers {answer.Status} after {s_busyLimit.TotalSeconds} s: {await Page.InnerTextAsync("body")}"
            );
            await Task.Delay(TimeSpan.FromSeconds(1), TestContext.Current.CancellationToken);
            _problems.Clear();
        }
    }

    /// <summary>An answer with this status is what the test is about, and no failed request.</summary>
    public void Allow(HttpStatusCode status) => _allowed[(int)status] = true;

    /// <summary>No error on the console, no failed request, and nothing that the content security policy blocked.</summary>
    public async Task AssertCleanAsync()
    {
        // What the page has said before this call has come when the answer comes.
        await Page.EvaluateAsync("() => new Promise(done => setTimeout(done))");
        Assert.True(_problems.IsEmpty, $"{Page.Url} is not clean:\n{string.Join('\n', _problems)}");
    }

    /// <summary>axe finds nothing serious or critical against WCAG 2.2 AA in either colour scheme.</summary>
    public async Task AssertAccessibleAsync()
    {
        foreach (var scheme in Appearance.Schemes)
        {
            await Page.SetSchemeAsync(scheme);
            var found = await Accessibility.ProblemsAsync(Page);
            Assert.True(found.Count == 0, $"{Page.Url}, {scheme}, is not accessible:\n{string.Join('\n', found)}");
        }
    }

    /// <summary>Nothing has to be scrolled to the side, on a phone or a laptop (WCAG 1.4.10).</summary>
    public async Task AssertFitsAsync()
    {
        foreach (var width in Appearance.Widths)
        {
            await Page.SetWidthAsync(width);
            var needed = await Page.EvaluateAsync<int>("document.documentElement.scrollWidth");
            Assert.True(needed <= width, $"{Page.Url} is {needed} px wide in a window of {width} px.");
        }
    }

    /// <summary>Pictures of the whole page in all widths and colour schemes: <c>artifacts/screenshots</c>.</summary>
    /// <param name="name">The beginning of the files' names, such as <c>basket-empty</c>.</param>
    public async Task ScreenshotAsync(string name)
    {
        foreach (var width in Appearance.Widths)
        foreach (var scheme in Appearance.Schemes)
        {
            await Page.SetWidthAsync(width);
            await Page.SetSchemeAsync(scheme);
            var file = Path.Combine(s_screenshots, $"{name}-{width}-{scheme.ToString().ToLowerInvariant()}.png");
            await Page.ScreenshotAsync(new() { Path = file, FullPage = true });
        }
    }

    public async ValueTask DisposeAsync() => await _context.DisposeAsync();

    private void Note(IConsoleMessage message)
    {
        // Chromium's line about a failed request does not say which; Note(IResponse) does.
        var isOfRequest = message.Text.StartsWith("Failed to load resource", StringComparison.Ordinal);
        if (message.Type == "error" && !isOfRequest)
            _problems.Enqueue($"console: {message.Text}");
    }

    private void Note(IRequest request)
    {
        // Leaving a page ends what it still loads.
        if (request.Failure is not "net::ERR_ABORTED")
            _problems.Enqueue($"request: {request.Method} {request.Url}: {request.Failure}");
    }

    private void Note(IResponse response)
    {
        if (response.Status >= 400 && !_allowed.ContainsKey(response.Status))
            _problems.Enqueue($"request: {response.Request.Method} {response.Url} answered {response.Status}");
    }
}
