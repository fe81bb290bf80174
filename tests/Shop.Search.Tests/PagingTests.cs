using Shop.Testing;

namespace Shop.Search.Tests;

public sealed class PagingTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private RunningSearch search = null!;

    public async ValueTask InitializeAsync() => search = await RunningSearch.StartAsync(infrastructure);

    public async ValueTask DisposeAsync() => await search.DisposeAsync();

    [Theory]
    [InlineData("q=lamp")] // by words
    [InlineData("q=lampq")] // by likeness
    [InlineData("q=")] // everything
    [InlineData("q=lamp&sort=name")]
    [InlineData("q=lampq&sort=price")]
    [InlineData("sort=price")]
    [InlineData("sort=-price")]
    public async Task Pages_hold_every_product_once_while_others_come_and_go(string question)
    {
        var expected = new List<string>();
        for (var i = 0; i < 11; i++)
        {
            var name = $"Lamp {(char)('c' + i)}";
            await search.StateAsync(name, description: i % 3 == 0 ? "lamp lamp" : "A light.");
            expected.Add(name);
        }

        var seen = new List<string>();
        string? cursor = null;
        do
        {
            var page = await search.SearchAsync($"{question}&pageSize=3&cursor={cursor}");
            seen.AddRange(page.Names());
            cursor = page.Cursor();
            // Before and behind the place.
            await search.StateAsync("Lamp a");
            var gone = await search.StateAsync("Lamp b");
            await search.DeleteAsync(gone, version: 2);
        } while (cursor is not null && seen.Count < 50);

        Assert.Equal(expected, seen.Where(name => name != "Lamp a").Order());
    }

    [Fact]
    public async Task A_cursor_that_was_changed_or_is_of_another_question_is_refused()
    {
        for (var i = 0; i < 3; i++)
        {
            await search.StateAsync($"Lamp {i}");
        }

        var cursor = (await search.SearchAsync("q=lamp&pageSize=1")).Cursor()!;
        var changed = (cursor[0] == 'B' ? 'A' : 'B') + cursor[1..];
        var middle = cursor[..10] + (cursor[10] == 'x' ? 'y' : 'x') + cursor[11..];
        foreach (var bad in new[] { changed, middle, cursor[..^4], cursor + "AAAA", "x", "%00", "!!", new('A', 5000) })
        {
            await (await search.AskAsync($"/api/search?q=lamp&pageSize=1&cursor={bad}")).RefusesAsync("cursor");
        }

        await (await search.AskAsync($"/api/search?q=light&cursor={cursor}")).RefusesAsync("cursor");
        await (await search.AskAsync($"/api/search?q=lamp&inStock=true&cursor={cursor}")).RefusesAsync("cursor");
        Assert.Single((await search.SearchAsync($"q=lamp&pageSize=1&cursor={cursor}")).Names());
    }

    [Fact]
    public async Task What_is_out_of_its_range_is_refused_by_name()
    {
        await (await search.AskAsync("/api/search?q=" + new string('x', 201))).RefusesAsync("q");
        await (await search.AskAsync("/api/search?q=a%00b")).RefusesAsync("q");
        await (await search.AskAsync("/api/search/suggest?q=" + new string('x', 201))).RefusesAsync("q");
        await (await search.AskAsync("/api/search?category=No%20Slug")).RefusesAsync("category");
        await (await search.AskAsync("/api/search?minPrice=-1")).RefusesAsync("minPrice");
        await (await search.AskAsync("/api/search?minPrice=x")).RefusesAsync("minPrice");
        await (await search.AskAsync("/api/search?minPrice=5&maxPrice=4")).RefusesAsync("maxPrice");
        await (await search.AskAsync("/api/search?sort=newest")).RefusesAsync("sort");
        await (await search.AskAsync("/api/search?sort=Price")).RefusesAsync("sort");
        await (await search.AskAsync("/api/search?pageSize=0")).RefusesAsync("pageSize");
        await (await search.AskAsync("/api/search?pageSize=101")).RefusesAsync("pageSize");
        await (await search.AskAsync("/api/search?inStock=perhaps")).RefusesAsync("inStock");
    }

    [Theory]
    [InlineData("'; DROP TABLE product_documents; --")]
    [InlineData("& | ! ( ) :* <-> \\ ' \" \"\"")]
    [InlineData("((((((((((((((((((((")]
    [InlineData("%_\\%")]
    [InlineData("\\")]
    [InlineData("<script>alert(1)</script>")]
    [InlineData("the")]
    [InlineData("-lamp")]
    [InlineData("or or or")]
    [InlineData("{0} {{ }}")]
    [InlineData("\u202e\u0301\ufffd🙈")]
    [InlineData("＼％＿")]
    public async Task Hostile_text_is_only_text(string text)
    {
        await search.StateAsync("Lamp");

        await search.SearchAsync(Answers.Q(text));
        await search.SearchAsync(Answers.Q(text + text + text + text));
        await search.SuggestAsync(text);

        Assert.Equal(["Lamp"], (await search.SearchAsync("q=lamp")).Names());
    }
}
