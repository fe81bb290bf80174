using System.Net;
using System.Text.Json;
using Shop.Catalog.Data;

namespace Shop.Catalog.Tests;

public sealed class ReadingTests(RunningCatalog catalog)
{
    private const string Shoes = "01900000-0000-7000-8000-000000100001";
    private const string Camera = "01900000-0000-7000-8000-000000100021";
    private const string Chair = "01900000-0000-7000-8000-000000100034";

    private readonly HttpClient anybody = catalog.CreateClient();

    [Fact]
    public async Task Pages_hold_every_product_once_in_the_order_of_names()
    {
        var names = new List<string>();
        var total = int.MaxValue;
        for (var page = 1; names.Count < total; page++)
        {
            var list = await anybody.GetJsonAsync($"/api/products?page={page}&pageSize=7&category=home");
            total = list.GetProperty("total").GetInt32();
            Assert.Equal(page, list.GetProperty("page").GetInt32());
            Assert.Equal(7, list.GetProperty("pageSize").GetInt32());
            var items = Items(list);
            Assert.NotEmpty(items);
            names.AddRange(items.Select(item => item.GetProperty("name").GetString()!));
        }

        var expected = CatalogSeed.Read().Where(product => product.Categories.Contains("home")).ToList();
        Assert.Equal(expected.Count, total);
        Assert.Equal(expected.Select(product => product.Name).Order(), names.Order());
    }

    /// <summary>The root order of ICU, which the database's own locale (C) does not have.</summary>
    [Theory]
    [InlineData("order-a", "Äpfel|apple|Banana|cherry|Date|Zebra")]
    [InlineData("order-b", "cote|coté|côte|Cote d'Azur|CÔTÉ DES NEIGES|couteau")]
    [InlineData("order-c", "_box|🙈|1 box|2 boxes|Box|Kaffee|κήπος|Чайник|чашка|相机")]
    public async Task Names_come_in_the_order_that_people_expect_on_pages_of_all_sizes_and_in_a_batch(
        string category,
        string names
    )
    {
        using var admin = catalog.CreateClient("admin");
        var expected = names.Split('|');
        var ids = new List<string>();
        foreach (var name in expected.Order(StringComparer.Ordinal))
        {
            var product = ApiExtensions.Product(name);
            product["categories"] = new[] { category };
            ids.Add((await admin.CreateAsync(product)).Path[^36..]);
        }

        Assert.Equal(expected, await AllNamesAsync("category=" + category, pageSize: 100));
        Assert.Equal(expected, await AllNamesAsync("category=" + category, pageSize: 1));
        Assert.Equal(expected, await AllNamesAsync("ids=" + string.Join(',', ids), pageSize: 100));
        Assert.Equal(expected, await AllNamesAsync("ids=" + string.Join(',', ids), pageSize: 4));
    }

    [Fact]
    public async Task Products_of_one_name_come_by_id()
    {
        using var admin = catalog.CreateClient("admin");
        var ids = new List<string>();
        for (var i = 0; i < 5; i++)
        {
            var product = ApiExtensions.Product("Äpfel");
            product["categories"] = new[] { "order-same" };
            ids.Add((await admin.CreateAsync(product)).Path[^36..]);
        }

        ids.Sort(StringComparer.Ordinal);
        string[] questions = ["category=order-same", $"ids={string.Join(',', ids.AsEnumerable().Reverse())}"];
        foreach (var question in questions)
        {
            var items = await AllItemsAsync(question, pageSize: 2);
            Assert.Equal(ids, items.Select(item => item.GetProperty("id").GetString()));
        }
    }

    [Fact]
    public async Task Without_parameters_there_are_20_products_on_the_first_page()
    {
        var list = await anybody.GetJsonAsync("/api/products");

        Assert.Equal(20, Items(list).Count);
        Assert.True(list.GetProperty("total").GetInt32() >= 60);
    }

    [Fact]
    public async Task A_page_after_the_last_is_empty()
    {
        var list = await anybody.GetJsonAsync("/api/products?page=1000000&pageSize=100");

        Assert.Empty(Items(list));
        Assert.True(list.GetProperty("total").GetInt32() >= 60);
    }

    [Fact]
    public async Task An_order_of_many_lines_is_one_call()
    {
        var ids = CatalogSeed.Read().Take(50).Select(product => product.Id).ToList();
        var unknown = Guid.CreateVersion7();

        var list = await anybody.GetJsonAsync($"/api/products?ids={string.Join(',', ids)},{unknown}");

        Assert.Equal(50, list.GetProperty("total").GetInt32());
        Assert.Equal(ids.Order(), Items(list).Select(item => item.GetProperty("id").GetGuid()).Order());
    }

    [Theory]
    [InlineData("page=0", "page")]
    [InlineData("page=-1", "page")]
    [InlineData("page=1000001", "page")]
    [InlineData("page=2147483648", "page")]
    [InlineData("page=one", "page")]
    [InlineData("pageSize=0", "pageSize")]
    [InlineData("pageSize=101", "pageSize")]
    [InlineData("category=Home%20Office", "category")]
    [InlineData("category=%00", "category")]
    [InlineData("category=", "category")]
    [InlineData("ids=", "ids")]
    [InlineData("ids=1,2", "ids")]
    public async Task A_list_that_cannot_be_is_refused_by_the_parameters_name(string query, string parameter)
    {
        using var response = await anybody.GetAnswerAsync("/api/products?" + query);

        await response.RefusesAsync(parameter);
    }

    [Fact]
    public async Task More_than_100_ids_are_refused()
    {
        var ids = string.Join(',', Enumerable.Repeat(Shoes, 101));

        using var response = await anybody.GetAnswerAsync("/api/products?ids=" + ids);

        await response.RefusesAsync("ids");
    }

    [Fact]
    public async Task A_product_has_everything_that_a_page_about_it_needs()
    {
        var seeded = CatalogSeed.Read().Single(product => product.Id == Guid.Parse(Shoes));

        var product = await anybody.GetJsonAsync("/api/products/" + Shoes);

        Assert.Equal(seeded.Id, product.GetProperty("id").GetGuid());
        Assert.Equal(seeded.Name, product.GetProperty("name").GetString());
        Assert.Equal(seeded.Description, product.GetProperty("description").GetString());
        Assert.Equal(seeded.Price, product.GetProperty("price").GetDecimal());
        Assert.Equal("USD", product.GetProperty("currency").GetString());
        Assert.Equal(seeded.Image, product.GetProperty("image").GetString());
        Assert.Equal(seeded.Stock, product.GetProperty("stock").GetInt32());
        Assert.Equal(
            seeded.Categories,
            product.GetProperty("categories").EnumerateArray().Select(category => category.GetString())
        );
    }

    [Fact]
    public async Task Who_has_the_product_already_is_told_so()
    {
        using var first = await anybody.GetAnswerAsync("/api/products/" + Camera);
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/products/" + Camera);
        request.Headers.IfNoneMatch.Add(first.Headers.ETag!);

        using var second = await anybody.SendAsync(request, TestContext.Current.CancellationToken);

        Assert.Equal(HttpStatusCode.NotModified, second.StatusCode);
        Assert.Equal(first.Headers.ETag, second.Headers.ETag);
    }

    [Theory]
    [InlineData("/api/products/01900000-0000-7000-8000-00000010ffff")]
    [InlineData("/api/products/01900000-0000-7000-8000-00000010ffff/availability")]
    [InlineData("/api/products/shoes")]
    public async Task What_there_is_not_is_not_found(string path)
    {
        using var response = await anybody.GetAnswerAsync(path);

        await response.ProblemAsync(HttpStatusCode.NotFound, "not-found");
    }

    [Theory]
    [InlineData(Camera, 1, true, 1)]
    [InlineData(Camera, 2, false, 1)]
    [InlineData(Chair, 1, false, 0)]
    public async Task Availability_says_whether_there_is_enough(string id, int quantity, bool enough, int stock)
    {
        var answer = await anybody.GetJsonAsync($"/api/products/{id}/availability?quantity={quantity}");

        Assert.Equal(enough, answer.GetProperty("available").GetBoolean());
        Assert.Equal(stock, answer.GetProperty("availableStock").GetInt32());
    }

    [Theory]
    [InlineData("0")]
    [InlineData("-1")]
    [InlineData("1000000000")]
    [InlineData("many")]
    public async Task A_quantity_that_cannot_be_is_refused(string quantity)
    {
        using var response = await anybody.GetAnswerAsync($"/api/products/{Camera}/availability?quantity={quantity}");

        await response.RefusesAsync("quantity");
    }

    private async Task<List<string>> AllNamesAsync(string question, int pageSize) =>
        (await AllItemsAsync(question, pageSize)).ConvertAll(item => item.GetProperty("name").GetString()!);

    private async Task<List<JsonElement>> AllItemsAsync(string question, int pageSize)
    {
        var all = new List<JsonElement>();
        List<JsonElement> items;
        do
        {
            var page = (all.Count / pageSize) + 1;
            items = Items(await anybody.GetJsonAsync($"/api/products?{question}&page={page}&pageSize={pageSize}"));
            all.AddRange(items);
        } while (items.Count == pageSize);

        return all;
    }

    private static List<JsonElement> Items(JsonElement list) => [.. list.GetProperty("items").EnumerateArray()];
}
