namespace Shop.EndToEnd.Pages;

/// <summary>What the first visit of a page costs somebody on a slow line.</summary>
public sealed class FirstLoadTests(RunningShop shop, ChromiumBrowser chromium)
{
    private const int MaxBytes = 200 * 1024;

    // Good, as web.dev/articles/cls has it.
    private const double MaxShift = 0.1;

    [Theory]
    [InlineData("/")]
    [InlineData("/products")]
    [InlineData("/products/01900000-0000-7000-8000-000000100001")]
    public async Task Is_under_200_KB_without_pictures_and_stands_still(string path)
    {
        await using var page = await chromium.OpenAsync(shop.Client.Http.BaseAddress!);

        await page.GoToAsync(path);

        var bytes = await page.Page.EvaluateAsync<int>(
            """
            () => [...performance.getEntriesByType("navigation"), ...performance.getEntriesByType("resource")]
                .filter(entry => entry.initiatorType !== "img")
                .reduce((sum, entry) => sum + entry.transferSize, 0)
            """
        );
        var shift = await page.Page.EvaluateAsync<double>(
            """
            () => new Promise(done => {
                let sum = 0;
                new PerformanceObserver(list => list.getEntries().forEach(entry => sum += entry.value))
                    .observe({ type: "layout-shift", buffered: true });
                // The observer is told before the second frame.
                requestAnimationFrame(() => requestAnimationFrame(() => setTimeout(() => done(sum))));
            })
            """
        );
        Assert.InRange(bytes, 1, MaxBytes);
        Assert.InRange(shift, 0, MaxShift);
        await page.AssertCleanAsync();
    }
}
