using System.Net.Http.Headers;
using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace Shop.EndToEnd.Walk;

/// <summary>
/// Every operation is sent as the description shows it: with the examples of its path, its parameters and its body. What an
/// operation is about is made first, and its id stands in the place of the example's.
/// </summary>
[Collection<SharedWalkers>]
public sealed partial class ExampleTests(RunningShop shop)
{
    private const string Form = "application/x-www-form-urlencoded";
    private const string Browser = "a browser has to have been there before: SignInTests goes that way";
    private const string DeadLetter = "nothing that comes over HTTP becomes a dead letter: DeadLetterTests makes one";
    private const string DeadNotification = "nothing that comes over HTTP makes a notification fail for good";

    /// <summary>The product of the examples, whose stock another test counts.</summary>
    private static readonly string s_counted = Products.Number(0x35);

    /// <summary>What cannot be sent, and why.</summary>
    private static readonly Dictionary<string, string> s_unsent = new()
    {
        ["POST /account/login"] = Browser,
        ["POST /account/register"] = Browser,
        ["POST /account/logout"] = Browser,
        ["GET /connect/authorize"] = Browser,
        ["POST /connect/authorize"] = Browser,
        ["GET /connect/logout"] = Browser,
        ["POST /connect/logout"] = Browser,
        ["GET /api/operations/*/dead-letters/{sequenceNumber}"] = DeadLetter,
        ["POST /api/operations/*/dead-letters/{sequenceNumber}/redrive"] = DeadLetter,
        ["POST /api/notifications/{id}/retry"] = DeadNotification,
    };

    private readonly Person _admin = new(shop.Client.Stranger, "admin");
    private readonly Person _customer = new(shop.Client.Stranger);
    private string? _product;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Every_example_gets_the_answer_that_is_described()
    {
        var api = await ApiDescription.ReadAsync(shop.Client.Http);
        var answers = new DescribedAnswers(api);
        var surprises = new List<string>();
        var unsent = new HashSet<string>();

        foreach (var operation in api.Operations)
        {
            var key = Context().Replace($"{operation}", "/api/operations/*/");
            if (s_unsent.ContainsKey(key))
            {
                unsent.Add(key);
                continue;
            }

            for (var i = 0; i < Variants(api, operation); i++)
            {
                var (status, type, body, sent) = await SendAsync(api, operation, i);
                var surprise =
                    status >= 400 ? "refused"
                    : operation.Path == "/graphql" && JsonNode.Parse(body)!["errors"] is not null ? "a field failed"
                    : answers.Contradiction(operation, status, type, body);
                if (surprise is not null)
                    surprises.Add($"{sent}: {surprise}: {status} {body}");
            }
        }

        Assert.True(surprises.Count == 0, string.Join('\n', surprises));
        // A reason for what is not there any more explains nothing.
        Assert.Equal(s_unsent.Keys.Order(), unsent.Order());
    }

    private async Task<(int Status, MediaTypeHeaderValue? Type, string Body, string Sent)> SendAsync(
        ApiDescription api,
        Operation operation,
        int variant
    )
    {
        var path = operation.Path;
        var query = new List<string>();
        using var request = new HttpRequestMessage { Method = new HttpMethod(operation.Method) };
        foreach (var parameter in Parameters(api, operation))
        {
            var examples = Examples(parameter);
            if (examples.Count == 0)
            {
                Assert.False(
                    parameter["required"]?.GetValue<bool>() == true && parameter["in"]!.GetValue<string>() != "path",
                    $"{operation} demands {parameter["name"]}, and has no example of it."
                );
            }

            var name = parameter["name"]!.GetValue<string>();
            var value = examples.Count == 0 ? null : $"{examples[variant % examples.Count]}";
            switch (parameter["in"]!.GetValue<string>())
            {
                case "path":
                    value = await IdForAsync(operation) ?? value;
                    Assert.True(value is not null, $"{operation} has no example of {name}.");
                    path = path.Replace($"{{{name}}}", value, StringComparison.Ordinal);
                    break;
                case "query" when value is not null:
                    query.Add($"{name}={Uri.EscapeDataString(value)}");
                    break;
                case "header" when value is not null:
                    // Each thing that is to be done has a key of its own.
                    request.Headers.Add(name, name == "Idempotency-Key" ? $"{Guid.NewGuid()}" : value);
                    break;
            }
        }

        var target = query.Count == 0 ? path : $"{path}?{string.Join('&', query)}";
        request.RequestUri = new Uri(target, UriKind.Relative);
        var body = Body(api, operation, variant, await StockedAsync());
        request.Content = body;
        var text = body is null ? "" : " " + await body.ReadAsStringAsync(Cancel);
        using var response = await SendAsync(operation, request);
        return (
            (int)response.StatusCode,
            response.Content.Headers.ContentType,
            await DescribedAnswers.BodyAsync(response, Cancel),
            $"{operation.Method} {target}{text}"
        );
    }

    /// <summary>In the name of somebody who may.</summary>
    private async Task<HttpResponseMessage> SendAsync(Operation operation, HttpRequestMessage request)
    {
        if (operation.Described["security"] is not null)
        {
            // An account that is changed is nobody else's.
            var caller =
                operation.Described["responses"]!["403"] is not null ? _admin
                : operation.Path.StartsWith("/api/users/me", StringComparison.Ordinal) ? new(shop.Client.Stranger)
                : _customer;
            request.Headers.Authorization = await caller.AuthorizationAsync();
        }

        return await shop.Client.Stranger.SendAsync(request, HttpCompletionOption.ResponseHeadersRead, Cancel);
    }

    /// <summary>The id of something that the operation can be done with; null when that of the example will do.</summary>
    private async Task<string?> IdForAsync(Operation operation)
    {
        var made = operation.Path.Split('/')[2] switch
        {
            "users" => (await new Person(shop.Client.Stranger).GetAsync("/api/users/me")).GetProperty("id").GetString(),
            "products" when operation.Method is "PUT" or "DELETE" => await ProductAsync(),
            "inventory" when operation.Method == "POST" => await StockedAsync(),
            "orders" => await OrderAsync(),
            "payments" => await OfOrderAsync("payments", await OrderAsync()),
            "invoices" => await OfOrderAsync("invoices", await OrderAsync()),
            _ => null,
        };
        if (operation.Path.EndsWith("/deliver", StringComparison.Ordinal))
            await SucceedAsync(_admin, $"/api/orders/{made}/ship", new { carrier = "UPS", trackingNumber = "1Z999" });
        if (operation.Path.EndsWith("/refund", StringComparison.Ordinal))
        {
            var order = (await _customer.GetAsync($"/api/payments/{made}")).GetProperty("orderId").GetString();
            await SucceedAsync(_admin, $"/api/orders/{order}/ship", new { carrier = "UPS", trackingNumber = "1Z999" });
            await _customer.WaitForAsync(
                $"/api/payments/{made}",
                "known as shipped",
                payment => payment.GetProperty("shippedAt").ValueKind == JsonValueKind.String
            );
        }

        if (operation.Path.Contains("/credit-note", StringComparison.Ordinal))
        {
            var order = (await _customer.GetAsync($"/api/invoices/{made}")).GetProperty("orderId").GetString();
            await SucceedAsync(_customer, $"/api/orders/{order}/cancel", null);
            await _customer.WaitForFoundAsync($"/api/invoices/{made}/credit-note");
        }

        return made;
    }

    /// <summary>An order that is confirmed.</summary>
    private async Task<string> OrderAsync()
    {
        var id = await _customer.OrderAsync(await StockedAsync(), 1);
        await _customer.WaitForStatusAsync(id, "Confirmed");
        return id;
    }

    /// <summary>A product that can be ordered.</summary>
    private async Task<string> StockedAsync()
    {
        if (_product is null)
        {
            var id = await ProductAsync();
            // Inventory hears of it by an event.
            await _admin.WaitForFoundAsync($"/api/inventory/{id}");
            await SucceedAsync(_admin, $"/api/inventory/{id}/restock", new { quantity = 1000 });
            _product = id;
        }

        return _product;
    }

    private async Task<string> ProductAsync()
    {
        var body = new
        {
            name = "Example",
            description = "To be changed.",
            price = 1.00m,
            categories = new[] { "outdoor" },
        };
        return (await SucceedAsync(_admin, "/api/products", body))["id"]!.GetValue<string>();
    }

    /// <summary>The id of an order's payment or invoice.</summary>
    private async Task<string?> OfOrderAsync(string kind, string order)
    {
        string? id = null;
        await _customer.WaitForAsync(
            $"/api/{kind}",
            $"there for order {order}",
            page =>
            {
                foreach (var item in page.GetProperty("items").EnumerateArray())
                    if (item.GetProperty("orderId").GetString() == order)
                        id = item.GetProperty("id").GetString();
                return id is not null;
            }
        );
        return id;
    }

    private static async Task<JsonNode> SucceedAsync(Person person, string path, object? body)
    {
        using var response = await person.PostAsync(path, body);
        var text = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.IsSuccessStatusCode, $"POST {path} answered {(int)response.StatusCode}: {text}");
        return JsonNode.Parse(text)!;
    }

    private static StringContent? Body(ApiDescription api, Operation operation, int variant, string product)
    {
        if (Content(api, operation) is not var (type, content))
            return null;
        var examples = Examples(content);
        var members = api.Resolve(content["schema"]!)["properties"]?.AsObject() ?? [];
        Assert.True(examples.Count > 0 || members.Count == 0, $"{operation} has no example of its body.");
        var example = examples.Count == 0 ? new JsonObject() : examples[variant % examples.Count]!;
        var text =
            type == Form
                ? string.Join(
                    '&',
                    example.AsObject().Select(field => $"{field.Key}={Uri.EscapeDataString($"{field.Value}")}")
                )
                : example.ToJsonString();
        // Somebody may have it already.
        text = text.Replace("ada@example.com", $"{Guid.NewGuid():N}@people.test", StringComparison.Ordinal);
        if ($"{operation}" == "POST /api/orders")
            text = text.Replace(s_counted, product, StringComparison.Ordinal);
        return new StringContent(text, Encoding.UTF8, type);
    }

    /// <summary>As many as there are examples of one part of it.</summary>
    private static int Variants(ApiDescription api, Operation operation) =>
        Parameters(api, operation)
            .Append(Content(api, operation)?.Content ?? [])
            .Max(described => Math.Max(1, Examples(described).Count));

    private static IEnumerable<JsonObject> Parameters(ApiDescription api, Operation operation) =>
        (operation.Described["parameters"]?.AsArray() ?? []).Select(parameter => api.Resolve(parameter!));

    private static (string Type, JsonObject Content)? Content(ApiDescription api, Operation operation) =>
        operation.Described["requestBody"] is { } body
        && api.Resolve(body)["content"]!.AsObject().First() is var (type, content)
            ? (type, content!.AsObject())
            : null;

    /// <summary>The examples of a parameter or a body, its own or its schema's; else what it is by default.</summary>
    private static IReadOnlyList<JsonNode?> Examples(JsonObject described)
    {
        if (described["example"] is { } example)
            return [example];
        if (described["examples"] is JsonObject named)
            return [.. named.Select(one => one.Value!["value"])];
        return described["schema"] is not JsonObject schema ? []
            : schema["examples"] is JsonArray { Count: > 0 } several ? [.. several]
            : (schema["example"] ?? schema["default"]) is { } one ? [one]
            : [];
    }

    [GeneratedRegex("/api/operations/[a-z]+/")]
    private static partial Regex Context();
}
