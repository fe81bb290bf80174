using System.Text.Json;
using Shop.Testing;
using static Shop.Search.Tests.Answers;

namespace Shop.Search.Tests;

public sealed class FindingTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private RunningSearch search = null!;

    public async ValueTask InitializeAsync() => search = await RunningSearch.StartAsync(infrastructure);

    public async ValueTask DisposeAsync() => await search.DisposeAsync();

    [Fact]
    public async Task A_word_in_the_name_counts_more_than_in_a_category_and_that_more_than_in_the_description()
    {
        await search.StateAsync("Folding chair", description: "Fits under every lamp.");
        await search.StateAsync("Bright light", categories: ["lamp"]);
        await search.StateAsync("Reading lamp");
        await search.StateAsync("Coffee pot");

        Assert.Equal(["Reading lamp", "Bright light", "Folding chair"], (await search.SearchAsync("q=lamp")).Names());
    }

    [Fact]
    public async Task Words_are_found_in_other_forms_and_without_their_accents()
    {
        await search.StateAsync("Crème brûlée dishes");
        await search.StateAsync("Running shoes", categories: ["home-office"]);

        Assert.Equal(["Crème brûlée dishes"], (await search.SearchAsync(Q("creme dish"))).Names());
        Assert.Equal(["Crème brûlée dishes"], (await search.SearchAsync(Q("BRÛLÉE"))).Names());
        Assert.Equal(["Running shoes"], (await search.SearchAsync(Q("run shoe"))).Names());
        Assert.Equal(["Running shoes"], (await search.SearchAsync(Q("office"))).Names());
    }

    [Fact]
    public async Task Phrases_alternatives_and_exclusions_work()
    {
        await search.StateAsync("Red wool hat");
        await search.StateAsync("Wool red sock");
        await search.StateAsync("Blue cap");

        Assert.Equal(["Red wool hat"], (await search.SearchAsync(Q("\"red wool\""))).Names());
        Assert.Equal(["Red wool hat"], (await search.SearchAsync(Q("wool -sock"))).Names());
        Assert.Equal(["Blue cap", "Red wool hat"], (await search.SearchAsync(Q("hat or cap"))).Names().Order());
    }

    [Theory]
    [InlineData("hedphones")]
    [InlineData("headpohnes")]
    [InlineData("Wireles Headfones")]
    public async Task A_typo_finds_what_was_meant(string typo)
    {
        await search.StateAsync("Aura Wireless Headphones");
        await search.StateAsync("Garden hose");
        await search.StateAsync("Phone case");

        var answer = await search.SearchAsync(Q(typo));

        Assert.Equal("Aura Wireless Headphones", answer.Names()[0]);
        Assert.DoesNotContain("Garden hose", answer.Names());
    }

    [Fact]
    public async Task Filters_that_leave_nothing_are_no_typo()
    {
        await search.StateAsync("Reading lamp", price: 30);
        await search.StateAsync("Lamb wool", price: 300);

        Assert.Empty((await search.SearchAsync("q=lamp&minPrice=200")).Names());
    }

    [Fact]
    public async Task Nothing_asked_lists_everything_by_name()
    {
        await search.StateAsync("écharpe");
        await search.StateAsync("Apron");
        await search.StateAsync("ZIP bag");
        await search.StateAsync("fan");

        var answer = await search.SearchAsync("q=");

        Assert.Equal(["Apron", "écharpe", "fan", "ZIP bag"], answer.Names());
        Assert.Equal(4, answer.GetProperty("total").GetInt64());
        Assert.Null(answer.Cursor());
    }

    [Fact]
    public async Task Filters_narrow_down_and_facets_say_how_else_they_could()
    {
        await search.StateAsync("Lamp one", price: 20, categories: ["home", "light"]);
        await search.StateAsync("Lamp two", price: 25, categories: ["light"]);
        await search.StateAsync("Lamp three", price: 600, categories: ["light"], stock: 0);
        await search.StateAsync("Chair", price: 20, categories: ["home"]);

        var all = await search.SearchAsync("q=lamp");
        var light = await search.SearchAsync("q=lamp&category=home&maxPrice=24.99");
        var inStock = await search.SearchAsync("q=lamp&inStock=true");

        Assert.Equal(["light 3", "home 1"], Categories(all));
        Assert.Equal(["0-25 1", "25-50 1", "500- 1"], Prices(all));
        Assert.Equal(["Lamp one"], light.Names());
        Assert.Equal(1, light.GetProperty("total").GetInt64());
        Assert.Equal(["home 1", "light 1"], Categories(light));
        Assert.Equal(["0-25 1"], Prices(light));
        Assert.Equal(["Lamp one", "Lamp two"], inStock.Names().Order());
        Assert.Equal(["light 2", "home 1"], Categories(inStock));
    }

    [Fact]
    public async Task A_product_found_has_what_a_list_shows()
    {
        var id = await search.StateAsync("Lamp", "Bright.", 19.90m, ["home"], stock: 0);

        var item = (await search.SearchAsync("q=lamp")).GetProperty("items")[0];

        Assert.Equal(
            $$"""{"id":"{{id}}","name":"Lamp","description":"Bright.","price":19.90,"currency":"USD","categories":["home"],"image":null,"stock":0,"inStock":false}""",
            item.GetRawText()
        );
    }

    [Fact]
    public async Task Beginnings_of_words_are_suggested_with_their_places()
    {
        await search.StateAsync("Water bottle");
        await search.StateAsync("Bottle opener", stock: 0);
        await search.StateAsync("Bottle brush");
        await search.StateAsync("Blottle");

        var answer = await search.SuggestAsync("Bot");

        Assert.Equal(["Bottle brush", "Bottle opener", "Water bottle"], answer.Names());
        var highlight = answer.GetProperty("items")[2].GetProperty("highlights")[0];
        Assert.Equal((6, 3), (highlight.GetProperty("start").GetInt32(), highlight.GetProperty("length").GetInt32()));
    }

    [Fact]
    public async Task Suggestions_forgive_typos_and_end_at_ten()
    {
        for (var i = 0; i < 12; i++)
        {
            await search.StateAsync($"Umbrella {i}");
        }

        Assert.Equal(10, (await search.SuggestAsync("um")).Names().Length);
        Assert.Equal(10, (await search.SuggestAsync("umbrlla")).Names().Length);
        Assert.Empty((await search.SuggestAsync("qz")).Names());
        Assert.Empty((await search.SuggestAsync(" ")).Names());
    }

    private static string[] Categories(JsonElement answer) =>
        [
            .. answer
                .GetProperty("facets")
                .GetProperty("categories")
                .EnumerateArray()
                .Select(facet => $"{facet.GetProperty("value")} {facet.GetProperty("count")}"),
        ];

    private static string[] Prices(JsonElement answer) =>
        [
            .. answer
                .GetProperty("facets")
                .GetProperty("prices")
                .EnumerateArray()
                .Select(facet => $"{facet.GetProperty("from")}-{facet.GetProperty("to")} {facet.GetProperty("count")}"),
        ];
}
