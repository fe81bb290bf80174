using Microsoft.Playwright;
using Shop.EmbeddedPostgres;

[assembly: AssemblyFixture(typeof(Shop.EndToEnd.Pages.ChromiumBrowser))]

namespace Shop.EndToEnd.Pages;

/// <summary>
/// One headless Chromium for all tests of pages, started by the first that needs it. Without one these tests are skipped, and
/// fail in CI.
/// </summary>
public sealed class ChromiumBrowser : IAsyncDisposable
{
    private static readonly TimeSpan s_startLimit = TimeSpan.FromSeconds(60);

    // It talks to the shop and to nobody else.
    private static readonly string[] s_arguments =
    [
        "--disable-gpu",
        "--disable-quic",
        "--no-first-run",
        "--disable-background-networking",
        "--disable-component-update",
        "--disable-sync",
    ];

    private readonly Lazy<Task<IBrowser>> _browser;
    private IPlaywright? _playwright;

    /// <summary>The browser; nothing is started yet.</summary>
    public ChromiumBrowser() => _browser = new Lazy<Task<IBrowser>>(StartAsync);

    /// <summary>Opens a page in a context of its own: no cookies, no cache, nothing of other tests.</summary>
    /// <param name="site">Where paths begin.</param>
    /// <param name="options">Other than a desktop in light colours.</param>
    internal async Task<BrowserPage> OpenAsync(Uri site, BrowserNewContextOptions? options = null)
    {
        options ??= new BrowserNewContextOptions();
        options.BaseURL ??= site.ToString();
        options.ViewportSize ??= new ViewportSize { Width = Appearance.Desktop, Height = Appearance.Height };
        return await BrowserPage.OpenAsync(await (await BrowserAsync()).NewContextAsync(options));
    }

    /// <inheritdoc />
    public async ValueTask DisposeAsync()
    {
        if (_browser is { IsValueCreated: true, Value.IsCompletedSuccessfully: true })
            await (await _browser.Value).DisposeAsync();
        _playwright?.Dispose();
    }

    private async Task<IBrowser> BrowserAsync()
    {
        try
        {
            return await _browser.Value;
        }
        catch (SetupException problem)
        {
            Assert.SkipUnless(Environment.GetEnvironmentVariable("CI") == "true", problem.Message);
            throw;
        }
    }

    private async Task<IBrowser> StartAsync()
    {
        var program = await ChromiumProgram.FindAsync();
        _playwright = await Playwright.CreateAsync();
        var environment = Environment
            .GetEnvironmentVariables()
            .Cast<System.Collections.DictionaryEntry>()
            .Select(one => KeyValuePair.Create((string)one.Key, (string)one.Value!));
        try
        {
            return await _playwright.Chromium.LaunchAsync(
                new BrowserTypeLaunchOptions
                {
                    ExecutablePath = program.Path,
                    Args = s_arguments,
                    Env = environment
                        .Where(one => !program.Environment.ContainsKey(one.Key))
                        .Concat(program.Environment),
                    Timeout = (float)s_startLimit.TotalMilliseconds,
                }
            );
        }
        catch (PlaywrightException problem)
        {
            throw new SetupException($"{program.Path} could not be started as a browser. {problem.Message}");
        }
    }
}
