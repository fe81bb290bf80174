using System.Text.Json;
using Shop.Testing;

namespace Shop.Search.Tests;

public sealed class SortingTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private RunningSearch search = null!;

    public async ValueTask InitializeAsync() => search = await RunningSearch.StartAsync(infrastructure);

    public async ValueTask DisposeAsync() => await search.DisposeAsync();

    [Theory]
    [InlineData("q=lamp", "Lamp C, LAMP B, lamp light, lámp a")] // by words: the first says it three times, the last once
    [InlineData("q=lamp&sort=relevance", "Lamp C, LAMP B, lamp light, lámp a")]
    [InlineData("q=lamp&sort=name", "lámp a, LAMP B, Lamp C, lamp light")]
    [InlineData("q=lamp&sort=price", "LAMP B, lámp a, lamp light, Lamp C")]
    [InlineData("q=lamp&sort=-price", "Lamp C, lámp a, lamp light, LAMP B")]
    [InlineData("q=lampq&sort=price", "LAMP B, lámp a, lamp light, Lamp C")] // by likeness
    [InlineData("q=lampq&sort=-price", "Lamp C, lámp a, lamp light, LAMP B")]
    [InlineData("", "Chair, lámp a, LAMP B, Lamp C, lamp light")] // everything
    [InlineData("sort=", "Chair, lámp a, LAMP B, Lamp C, lamp light")]
    [InlineData("sort=relevance", "Chair, lámp a, LAMP B, Lamp C, lamp light")]
    [InlineData("sort=name", "Chair, lámp a, LAMP B, Lamp C, lamp light")]
    [InlineData("sort=price", "LAMP B, lámp a, lamp light, Lamp C, Chair")]
    [InlineData("sort=-price", "Chair, Lamp C, lámp a, lamp light, LAMP B")]
    [InlineData("sort=-price&category=light&maxPrice=30", "lámp a, lamp light, LAMP B")]
    public async Task Products_come_in_the_order_that_was_asked_for_and_equal_ones_by_name(
        string query,
        string expected
    )
    {
        await search.StateAsync("lamp light", description: "A lamp.", price: 20, categories: ["light"]);
        await search.StateAsync("Chair", price: 1000);
        await search.StateAsync("Lamp C", description: "lamp lamp", price: 100, categories: ["light"]);
        await search.StateAsync("l\u00e1mp a", price: 20, categories: ["light"]);
        await search.StateAsync("LAMP B", description: "A lamp.", price: 9.50m, categories: ["light"]);

        Assert.Equal(expected, string.Join(", ", (await search.SearchAsync(query)).Names()));
    }

    [Theory]
    [InlineData("q=lamp&sort=name")] // by words
    [InlineData("q=lamp&sort=price")]
    [InlineData("q=lamp&sort=-price")]
    [InlineData("q=lampq&sort=price")] // by likeness
    [InlineData("q=lampq&sort=-price")]
    [InlineData("sort=name")] // everything
    [InlineData("sort=price")]
    [InlineData("sort=-price")]
    public async Task Pages_across_ties_hold_every_product_once_and_in_order(string question)
    {
        var products = new List<(Guid Id, string Name, decimal Price)>();
        foreach (var price in new[] { 20m, 5, 20, 20, 90, 20, 5, 20 })
        {
            // Some have both the name and the price of another.
            var name = $"Lamp {(char)('a' + (products.Count % 3))}";
            products.Add((await search.StateAsync(name, price: price), name, price));
        }

        var expected = (
            question.EndsWith("=-price", StringComparison.Ordinal)
                ? products.OrderByDescending(product => product.Price)
            : question.EndsWith("=price", StringComparison.Ordinal) ? products.OrderBy(product => product.Price)
            : products.OrderBy(_ => 0)
        ).ThenBy(product => product.Name).ThenBy(product => product.Id.ToString(), StringComparer.Ordinal).Select(product => product.Id);

        Assert.Equal(expected, await AllPagesAsync(question, pageSize: 1));
        Assert.Equal(expected, await AllPagesAsync(question, pageSize: 3));
    }

    /// <summary>The root order of ICU, which the database's own locale (C) does not have.</summary>
    [Theory]
    [InlineData("Äpfel|apple|Banana|cherry|Date|Zebra")]
    [InlineData("cote|coté|côte|Cote d'Azur|CÔTÉ DES NEIGES|couteau")]
    [InlineData("_box|🙈|1 box|2 boxes|Box|Kaffee|κήπος|Чайник|чашка|相机")]
    [InlineData("éclair|Eclairage|Étagère|Lager|Łódź|Ølbrygger|Zucker")]
    public async Task Names_come_in_the_order_that_people_expect_on_pages_of_all_sizes(string names)
    {
        foreach (var name in names.Split('|').Order(StringComparer.Ordinal))
        {
            await search.StateAsync(name, price: 7);
            await search.StateAsync(name, price: 7); // with another id
        }

        var expected = names.Split('|').SelectMany(name => new[] { name, name });
        foreach (var question in new[] { "sort=name", "sort=price", "sort=-price", "" })
        {
            Assert.Equal(expected, await AllNamesAsync(question, pageSize: 100));
            Assert.Equal(expected, await AllNamesAsync(question, pageSize: 1));
            Assert.Equal(expected, await AllNamesAsync(question, pageSize: 3));
        }
    }

    [Fact]
    public async Task Equally_frequent_categories_come_in_the_same_order()
    {
        await search.StateAsync("Lamp", categories: ["home2", "home-office", "homes", "home"]);

        var facets = (await search.SearchAsync("q=lamp")).GetProperty("facets").GetProperty("categories");

        Assert.Equal(
            ["home", "home-office", "home2", "homes"],
            facets.EnumerateArray().Select(facet => facet.GetProperty("value").GetString())
        );
    }

    [Fact]
    public async Task A_cursor_is_refused_with_another_order()
    {
        await search.StateAsync("Lamp a");
        await search.StateAsync("Lamp b");

        string[] orders = ["relevance", "name", "price", "-price"];
        foreach (var order in orders)
        {
            var cursor = (await search.SearchAsync($"q=lamp&pageSize=1&sort={order}")).Cursor();
            foreach (var other in orders.Except([order]))
            {
                await (await search.AskAsync($"/api/search?q=lamp&sort={other}&cursor={cursor}")).RefusesAsync(
                    "cursor"
                );
            }

            Assert.Equal(["Lamp b"], (await search.SearchAsync($"q=lamp&sort={order}&cursor={cursor}")).Names());
        }
    }

    [Fact]
    public async Task An_unknown_order_is_refused_with_those_there_are()
    {
        using var response = await search.AskAsync("/api/search?sort=newest");

        var problem = JsonSerializer.Deserialize<JsonElement>(
            await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken)
        );
        Assert.Equal(
            "Must be one of relevance, name, price, -price.",
            problem.GetProperty("errors").GetProperty("sort")[0].GetString()
        );
    }

    private async Task<List<Guid>> AllPagesAsync(string question, int pageSize) =>
        (await AllItemsAsync(question, pageSize)).ConvertAll(item => item.GetProperty("id").GetGuid());

    private async Task<List<string>> AllNamesAsync(string question, int pageSize) =>
        (await AllItemsAsync(question, pageSize)).ConvertAll(item => item.GetProperty("name").GetString()!);

    private async Task<List<JsonElement>> AllItemsAsync(string question, int pageSize)
    {
        var seen = new List<JsonElement>();
        string? cursor = null;
        do
        {
            var page = await search.SearchAsync($"{question}&pageSize={pageSize}&cursor={cursor}");
            seen.AddRange(page.GetProperty("items").EnumerateArray());
            cursor = page.Cursor();
        } while (cursor is not null && seen.Count < 50);

        return seen;
    }
}
