using System.Net;
using System.Net.Http.Json;
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
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [MemberData(nameof(TextFields.Rows), MemberType = typeof(TextFields))]
    public async Task It_is_kept_as_it_is_or_refused_by_name(string caller, string command, string body, string field)
    {
        var (granted, harmless) = await TryAsync(caller, command, body, field, null);
        Assert.True(granted, $"{command} answered: {harmless}");

        foreach (var text in HostileTexts.All)
        {
            var (taken, answer) = await TryAsync(caller, command, body, field, text);
            if (taken)
                Assert.Equal(text, At(answer, field));
        }
    }

    /// <summary>The fields that follow an order through the shop, to where they are shown.</summary>
    [Fact]
    public Task It_goes_with_an_order_through_the_shop_and_stays_what_it_is() =>
        Task.WhenAll(HostileTexts.All.Select(GoWithAnOrderAsync));

    private async Task GoWithAnOrderAsync(string text)
    {
        var harmless = ShopClient.OrderBody(walkers.IdFor("/api/products", new Random(1)), 1);
        var named = harmless.DeepClone();
        named["shippingAddress"]!["name"] = text;
        var (billed, _) = await walkers.TryAsync(
            walkers.RequestOf("customer", HttpMethod.Post, "/api/orders"),
            named,
            "shippingAddress/name"
        );
        var order = await walkers.PlaceOrderAsync(billed ? named : harmless);

        var ship = $"/api/orders/{order}/ship";
        foreach (var field in new[] { "trackingNumber", "carrier" })
        {
            var parcel = new JsonObject { ["carrier"] = "Post", ["trackingNumber"] = "1" };
            parcel[field] = text;
            var (shipped, shown) = await walkers.TryAsync(
                walkers.RequestOf("operator", HttpMethod.Post, ship),
                parcel,
                field
            );
            if (shipped)
                Assert.Equal(text, shown.GetProperty(field).GetString());
            if (shipped && field == "trackingNumber")
                (order, ship) = await AnotherAsync();
            else if (!shipped && field == "carrier")
                await walkers.SendAsync("operator", HttpMethod.Post, ship, null);
        }

        // Only what was shipped is refunded, and Payments hears of that by an event.
        var payment = (await MineAsync("payments", order)).GetProperty("id").GetString();
        await Walkers.UntilAsync(
            $"Payments has not heard that the order {order} was shipped",
            async () =>
            {
                var heard = await walkers.SendAsync("customer", HttpMethod.Get, $"/api/payments/{payment}", null);
                return heard.GetProperty("shippedAt").ValueKind == JsonValueKind.String;
            }
        );
        var why = new JsonObject { ["reason"] = text };
        var (refunded, _) = await walkers.TryAsync(
            walkers.RequestOf("operator", HttpMethod.Post, $"/api/payments/{payment}/refund"),
            why,
            "reason"
        );
        if (refunded)
        {
            var paid = await walkers.SendAsync("customer", HttpMethod.Get, $"/api/payments/{payment}", null);
            Assert.Equal(text, paid.GetProperty("refund").GetProperty("reason").GetString());
        }

        if (billed)
        {
            var id = (await MineAsync("invoices", order)).GetProperty("id").GetString();
            var invoice = await walkers.SendAsync("customer", HttpMethod.Get, $"/api/invoices/{id}", null);
            Assert.Equal(text, invoice.GetProperty("billTo").GetProperty("name").GetString());
            using var request = walkers.RequestOf("customer", HttpMethod.Get, $"/api/invoices/{id}/print");
            using var page = await walkers.Http.SendAsync(request, Cancel);
            var html = await page.Content.ReadAsStringAsync(Cancel);
            Assert.Contains(text, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
            Assert.DoesNotContain(HostileTexts.Script, html, StringComparison.Ordinal);
        }

        async Task<(string Order, string Ship)> AnotherAsync()
        {
            var another = await walkers.PlaceOrderAsync(billed ? named : harmless);
            return (another, $"/api/orders/{another}/ship");
        }
    }

    [Theory]
    [MemberData(nameof(TextFields.Questions), MemberType = typeof(TextFields))]
    public async Task Asked_for_it_is_a_text_that_is_not_found_or_refused_by_name(string address, string parameter)
    {
        foreach (var text in HostileTexts.All)
        {
            var path = $"{address}?{parameter}={HostileTexts.Escaped(text)}";
            using var request = walkers.RequestOf("admin", HttpMethod.Get, path);
            using var response = await walkers.Http.SendAsync(request, Cancel);
            var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);

            var said = $"GET {path} answered {(int)response.StatusCode}: {answer}";
            if (response.IsSuccessStatusCode)
                Assert.True(answer.GetProperty("items").GetArrayLength() == 0 || parameter == "q", said);
            else
                Assert.True((int)response.StatusCode == 400 && HostileTexts.AreRefusedBy(answer, parameter), said);
        }
    }

    [Fact]
    public async Task No_text_that_the_description_knows_is_left_out()
    {
        var api = await ApiDescription.ReadAsync(walkers.Http);
        var fields =
            from operation in api.Operations
            let body = api.BodyOf(operation)
            where body is { Type: "application/json" }
            from field in api.TextsIn(body.Value.Schema)
            select $"{operation} {field}";
        var questions =
            from operation in api.Operations
            where operation.Path.StartsWith("/api/", StringComparison.Ordinal)
            from parameter in api.TextParameters(operation, "query")
            select $"{operation.Path} {parameter}";

        var triedFields = TextFields.Rows.Select(row => row.Data).Select(row => $"{row.Item2} {row.Item4}");
        Assert.Empty(fields.Except(triedFields).Except(TextFields.InOtherTests));
        Assert.Empty(questions.Except(TextFields.Questions.Select(row => $"{row.Data.Item1} {row.Data.Item2}")));
    }

    private Task<(bool Taken, JsonElement Answer)> TryAsync(
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
            HostileTexts.Put(document, field.Split('/'), text);
        var path = parts[1].Replace("{id}", walkers.IdFor(parts[1], random), StringComparison.Ordinal);
        var request = walkers.RequestOf(caller == Walkers.Anonymous ? null : caller, new HttpMethod(parts[0]), path);
        if (parts[1].StartsWith("/api/products/", StringComparison.Ordinal))
            request.Headers.TryAddWithoutValidation("If-Match", "*");
        return walkers.TryAsync(request, document, field, HttpStatusCode.UnprocessableEntity);
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

    private static string? At(JsonElement answer, string field) =>
        field
            .Split('/')
            .Aggregate(answer, (node, part) => int.TryParse(part, out var index) ? node[index] : node.GetProperty(part))
            .GetString();
}
