using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace Shop.EndToEnd.Walk;

/// <summary>
/// A text that is a program somewhere (SQL, templates, HTML, a terminal) is kept and shown as it is, or refused by the name of
/// its field, in every field of every command that takes text. What else the texts could do the shop survives, or the tests
/// after these do not.
/// </summary>
[Collection<SharedWalkers>]
public sealed class HostileTextTests(Walkers walkers)
{
    // Stands for the half of a character, which no serializer would write.
    private const string Half = "\uE000";

    private static readonly string[] s_texts =
    [
        "Robert'); DROP TABLE orders;--",
        "' OR '1'='1",
        "{{ 7 * 7 }} {% raw %}",
        "${7*7} <%= 7*7 %> @(7*7)",
        "<script>alert(1)</script>",
        "$(id) `id` | id",
        "a\0b",
        "\u202Edesrever",
        "\x1b[2J",
        "(a+)+$",
        new string('a', 60) + "!",
        Half,
    ];

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TextFields.Rows), MemberType = typeof(TextFields))]
    public async Task It_is_kept_as_it_is_or_refused_by_name(string caller, string command, string body, string field)
    {
        var (granted, harmless) = await SendAsync(caller, command, body, field, null);
        Assert.True(granted is >= 200 and < 300, $"{command} answered {granted}: {harmless}");

        foreach (var text in s_texts)
        {
            var (status, answer) = await SendAsync(caller, command, body, field, text);

            var said = $"{command} with '{text}' for {field} answered {status}: {answer}";
            if (status is >= 200 and < 300)
                // What is never shown cannot be compared.
                Assert.True(field is "password" or "paymentMethod" || At(answer, field) == text, said);
            else
                Assert.True(status is 400 or 422 && Names(answer, field), said);
        }
    }

    /// <summary>The fields that follow an order through the shop, to where they are shown.</summary>
    [Fact]
    public async Task It_goes_with_an_order_through_the_shop_and_stays_what_it_is()
    {
        const string text = "{{7*7}}${7*7}<b>'--";
        var body = ShopClient.OrderBody(walkers.IdFor("/api/products", new Random(1)), 1);
        foreach (var field in new[] { "name", "street", "city" })
            body["shippingAddress"]![field] = text;
        var order = await walkers.PlaceOrderAsync(body);

        await walkers.SendAsync(
            "operator",
            HttpMethod.Post,
            $"/api/orders/{order}/ship",
            new { carrier = text, trackingNumber = text }
        );
        var payment = (await MineAsync("payments", order)).GetProperty("id").GetString();
        await walkers.SendAsync("operator", HttpMethod.Post, $"/api/payments/{payment}/refund", new { reason = text });

        var shown = await walkers.SendAsync("customer", HttpMethod.Get, $"/api/orders/{order}", null);
        Assert.Equal(text, shown.GetProperty("carrier").GetString());
        Assert.Equal(text, shown.GetProperty("trackingNumber").GetString());
        Assert.Equal(text, shown.GetProperty("shippingAddress").GetProperty("street").GetString());
        var paid = await walkers.SendAsync("customer", HttpMethod.Get, $"/api/payments/{payment}", null);
        Assert.Equal(text, paid.GetProperty("refund").GetProperty("reason").GetString());
        var id = (await MineAsync("invoices", order)).GetProperty("id").GetString();
        var invoice = await walkers.SendAsync("customer", HttpMethod.Get, $"/api/invoices/{id}", null);
        Assert.Equal(text, invoice.GetProperty("billTo").GetProperty("name").GetString());
        using var request = walkers.RequestOf("customer", HttpMethod.Get, $"/api/invoices/{id}/print");
        using var page = await walkers.Http.SendAsync(request, Cancel);
        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("{{7*7}}$", html, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>'--", html, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("/api/search?q=@", "q")]
    [InlineData("/api/search?category=@", "category")]
    [InlineData("/api/search?cursor=@", "cursor")]
    [InlineData("/api/search/suggest?q=@", "q")]
    [InlineData("/api/products?category=@", "category")]
    [InlineData("/api/products?ids=@", "ids")]
    [InlineData("/api/orders?all=true&status=@", "status")]
    [InlineData("/api/invoices?status=@", "status")]
    [InlineData("/api/invoices?orderIds=@", "orderIds")]
    [InlineData("/api/notifications?status=@", "status")]
    public async Task Asked_for_it_is_a_text_that_is_not_found_or_refused_by_name(string address, string parameter)
    {
        foreach (var text in s_texts)
        {
            var path = address.Replace("@", Uri.EscapeDataString(text), StringComparison.Ordinal);
            using var request = walkers.RequestOf("operator", HttpMethod.Get, path);
            using var response = await walkers.Http.SendAsync(request, Cancel);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);

            var said = $"GET {path} answered {(int)response.StatusCode}: {answer}";
            if (response.IsSuccessStatusCode)
                Assert.True(answer.GetProperty("items").GetArrayLength() == 0 || parameter == "q", said);
            else
                Assert.True((int)response.StatusCode == 400 && Names(answer, parameter), said);
        }
    }

    private async Task<(int Status, JsonElement Answer)> SendAsync(
        string caller,
        string command,
        string body,
        string field,
        string? text
    )
    {
        var parts = command.Split(' ');
        var random = new Random(1);
        var document = JsonNode.Parse(
            walkers
                .Own(body, random)
                .Replace(TextFields.OwnProduct, walkers.IdFor("/api/products", random), StringComparison.Ordinal)
        )!;
        if (text is not null)
            Put(document, field.Split('/'), text);
        var path = parts[1].Replace("{id}", walkers.IdFor(parts[1], random), StringComparison.Ordinal);
        using var request = walkers.RequestOf(
            caller == Walkers.Anonymous ? null : caller,
            new HttpMethod(parts[0]),
            path
        );
        var json = document.ToJsonString().Replace("\\uE000", "\\ud800", StringComparison.Ordinal);
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        if (parts[1].StartsWith("/api/products/", StringComparison.Ordinal))
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        using var response = await walkers.Http.SendAsync(request, Cancel);
        return ((int)response.StatusCode, await response.Content.ReadFromJsonAsync<JsonElement>(Cancel));
    }

    private async Task<JsonElement> MineAsync(string kind, string order)
    {
        var found = new List<JsonElement>();
        await Walkers.UntilAsync(
            $"There is nothing of the order {order} in {kind}",
            async () =>
            {
                var list = await walkers.SendAsync("customer", HttpMethod.Get, $"/api/{kind}?pageSize=100", null);
                found.AddRange(
                    list.GetProperty("items")
                        .EnumerateArray()
                        .Where(item => item.GetProperty("orderId").GetString() == order)
                );
                return found.Count > 0;
            }
        );
        return found[0];
    }

    private static void Put(JsonNode node, ReadOnlySpan<string> field, string text)
    {
        if (field.Length > 1)
            Put(node is JsonArray items ? items[int.Parse(field[0], null)]! : node[field[0]]!, field[1..], text);
        else if (node is JsonArray last)
            last[int.Parse(field[0], null)] = text;
        else
            node[field[0]] = text;
    }

    private static string? At(JsonElement answer, string field) =>
        field
            .Split('/')
            .Aggregate(answer, (node, part) => int.TryParse(part, out var index) ? node[index] : node.GetProperty(part))
            .GetString();

    /// <summary>Whether a problem is about the field: <c>items[0].productId</c> for items/0/productId.</summary>
    private static bool Names(JsonElement problem, string field)
    {
        var name = field
            .Split('/')
            .Aggregate((path, part) => int.TryParse(part, out _) ? $"{path}[{part}]" : $"{path}.{part}");
        return problem.TryGetProperty("errors", out var errors)
            && errors.EnumerateObject().Any(error => error.Name == name || error.Name == name.Split('[')[0]);
    }
}
