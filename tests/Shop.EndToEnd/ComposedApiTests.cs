using System.Net;
using System.Net.Http.Json;
using System.Text.Json;

namespace Shop.EndToEnd;

/// <summary>What is composed of several contexts' answers.</summary>
public sealed class ComposedApiTests(RunningShop shop)
{
    private static readonly string s_wallet = Products.Number(0x3e);

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task GraphQL_has_an_order_with_its_products_and_its_invoice()
    {
        var person = new Person(shop.Client.Http);
        var id = await person.OrderAsync(s_wallet, 1);
        await person.WaitForStatusAsync(id, "Confirmed");
        await person.WaitForAsync("/api/invoices?mine=true", "invoiced", page => Count(page) == 1);

        var answer = await AskAsync(
            person,
            $$"""{ order(id: "{{id}}") { status items { quantity product { id stock } } invoice { orderId number } } }"""
        );

        var order = answer.GetProperty("data").GetProperty("order");
        Assert.False(answer.TryGetProperty("errors", out _), $"{answer}");
        var item = Assert.Single(order.GetProperty("items").EnumerateArray());
        Assert.Equal(s_wallet, item.GetProperty("product").GetProperty("id").GetString());
        Assert.Equal(id, order.GetProperty("invoice").GetProperty("orderId").GetString());
    }

    [Fact]
    public async Task GraphQL_shows_a_stranger_products_and_no_orders()
    {
        var shown = await AskAsync(
            """{ products(first: 2) { items { name } } search(text: "desk") { items { name } } }"""
        );
        Assert.Equal(2, Count(shown.GetProperty("data").GetProperty("products")));
        Assert.NotEqual(0, Count(shown.GetProperty("data").GetProperty("search")));

        var refused = await AskAsync("{ orders { total } }");
        Assert.Contains("Sign in", $"{refused.GetProperty("errors")}", StringComparison.Ordinal);
        Assert.Equal(JsonValueKind.Null, refused.GetProperty("data").ValueKind);

        async Task<JsonElement> AskAsync(string query)
        {
            using var response = await shop.Client.Stranger.PostAsJsonAsync("/graphql", new { query }, Cancel);
            return await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        }
    }

    [Fact]
    public async Task The_dashboard_has_each_part_of_the_caller_and_of_nobody_else()
    {
        var person = new Person(shop.Client.Http);
        var id = await person.OrderAsync(s_wallet, 1);

        var dashboard = await person.WaitForAsync(
            "/api/dashboard",
            "complete",
            answer => answer.GetProperty("unavailable").GetArrayLength() == 0 && Count(answer.GetProperty("orders")) > 0
        );

        Assert.Equal("Somebody", dashboard.GetProperty("profile").GetProperty("name").GetString());
        var order = Assert.Single(dashboard.GetProperty("orders").GetProperty("items").EnumerateArray());
        Assert.Equal(id, order.GetProperty("id").GetString());
    }

    [Fact]
    public async Task The_dashboard_is_not_for_strangers()
    {
        using var response = await shop.Client.Stranger.GetAsync(new Uri("/api/dashboard", UriKind.Relative), Cancel);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
    }

    private static async Task<JsonElement> AskAsync(Person person, string query)
    {
        using var response = await person.PostAsync("/graphql", new { query });
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {answer}");
        return answer;
    }

    private static int Count(JsonElement page) => page.GetProperty("items").GetArrayLength();
}
