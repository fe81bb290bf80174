using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using System.Text.RegularExpressions;
using GraphQL;
using GraphQL.Types;
using Grpc.Core;
using Microsoft.AspNetCore.Http;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Gateway.GraphQL;
using Shop.ServiceDefaults;

namespace Shop.Gateway.Tests;

public sealed class GraphQLTests
{
    private const string Orders =
        "{ orders(first: 100) { total items { id status items { name product { name price } } invoice { number } } } }";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task Orders_with_their_products_and_invoices_cost_one_call_to_each_service()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        Guid[] products =
        [
            .. Enumerable.Range(1, 30).Select(i => catalog.Add($"Lamp {i}", i, 500_000_000)),
            Guid.CreateVersion7(),
        ];
        Guid[] orders = [.. Enumerable.Range(0, 40).Select(_ => Guid.CreateVersion7())];
        await using var ordering = await Backend.StartAsync(OrdersOf(orders, products));
        await using var billing = await Backend.StartAsync(InvoiceOf(orders[0]));
        await using var gateway = await StartAsync(catalog, ("ordering", ordering), ("billing", billing));

        using var response = await AskAsync(gateway, Orders, "Bearer of-ada");

        var data = (await ReadAsync(response)).GetProperty("data").GetProperty("orders");
        Assert.Equal(orders.Length, data.GetProperty("total").GetInt32());
        var first = data.GetProperty("items")[0];
        Assert.Equal("Confirmed", first.GetProperty("status").GetString());
        Assert.Equal("R-1", first.GetProperty("invoice").GetProperty("number").GetString());
        Assert.Equal(JsonValueKind.Null, data.GetProperty("items")[1].GetProperty("invoice").ValueKind);
        var lines = first.GetProperty("items");
        Assert.Equal("Lamp 1", lines[0].GetProperty("product").GetProperty("name").GetString());
        Assert.Equal("1.50", lines[0].GetProperty("product").GetProperty("price").GetRawText());
        // The catalogue does not have it any more; the line stays.
        Assert.Equal("as ordered", lines[products.Length - 1].GetProperty("name").GetString());
        Assert.Equal(JsonValueKind.Null, lines[products.Length - 1].GetProperty("product").ValueKind);

        Assert.Equal([$"GetProducts {products.Length}"], catalog.Calls);
        Assert.Equal("Bearer of-ada", Assert.Single(ordering.Requests).Headers["Authorization"]);
        var invoices = Assert.Single(billing.Requests);
        Assert.Equal("Bearer of-ada", invoices.Headers["Authorization"]);
        Assert.All(orders, order => Assert.Contains(order.ToString(), invoices.Target, StringComparison.Ordinal));
    }

    [Fact]
    public async Task More_products_than_a_batch_holds_are_read_in_as_few_batches_as_possible()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        Guid[] products = [.. Enumerable.Range(1, 130).Select(i => catalog.Add($"Lamp {i}", i, 0))];
        await using var ordering = await Backend.StartAsync(OrdersOf([Guid.CreateVersion7()], products));
        await using var gateway = await StartAsync(catalog, ("ordering", ordering));

        using var response = await AskAsync(gateway, "{ orders { items { items { product { name } } } } }");

        var lines = (await ReadAsync(response)).GetProperty("data").GetProperty("orders").GetProperty("items")[0];
        Assert.Equal(
            products.Select((_, i) => $"Lamp {i + 1}"),
            lines.GetProperty("items").EnumerateArray().Select(line => Name(line.GetProperty("product")))
        );
        Assert.Equal(["GetProducts 100", "GetProducts 30"], catalog.Calls.Order());
    }

    [Fact]
    public async Task Products_are_for_anyone_by_id_as_a_list_and_by_search()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        var lamp = catalog.Add("Lamp", 19, 900_000_000);
        var chair = catalog.Add("Chair", 5, 0);
        await using var search = await Backend.StartAsync(
            Answering(
                $$"""{"items":[{"id":"{{lamp}}","name":"Lamp","description":"","price":19.90,"currency":"USD","categories":[],"image":null,"stock":5,"inStock":true}],"total":1,"nextCursor":null,"facets":{} }"""
            )
        );
        await using var gateway = await StartAsync(catalog, ("search", search));

        using var response = await AskAsync(
            gateway,
            $$"""
            {
              one: product(id: "{{lamp}}") { name price categories image stock }
              other: product(id: "{{chair}}") { name }
              none: product(id: "{{Guid.CreateVersion7()}}") { name }
              products(first: 7) { items { name } nextCursor }
              search(text: "lamp & more", first: 3, sort: PRICE_DESCENDING) { total items { name price } }
            }
            """
        );

        var data = (await ReadAsync(response)).GetProperty("data");
        Assert.Equal("19.90", data.GetProperty("one").GetProperty("price").GetRawText());
        Assert.Equal("Chair", Name(data.GetProperty("other")));
        Assert.Equal(JsonValueKind.Null, data.GetProperty("none").ValueKind);
        Assert.Equal("more", data.GetProperty("products").GetProperty("nextCursor").GetString());
        Assert.Equal(2, data.GetProperty("products").GetProperty("items").GetArrayLength());
        Assert.Equal("Lamp", Name(data.GetProperty("search").GetProperty("items")[0]));
        Assert.Equal(["GetProducts 3", "SearchProducts 7"], catalog.Calls.Order());
        var target = Assert.Single(search.Requests).Target;
        Assert.Contains("q=lamp%20%26%20more", target, StringComparison.Ordinal);
        Assert.Contains("pageSize=3", target, StringComparison.Ordinal);
        Assert.Contains("sort=-price", target, StringComparison.Ordinal);
    }

    [Fact]
    public async Task What_a_service_refuses_is_an_error_of_its_field_and_the_others_are_answered()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        var lamp = catalog.Add("Lamp", 1, 0);
        await using var ordering = await Backend.StartAsync(context => FailAsync(context, 401));
        await using var billing = await Backend.StartAsync(context => FailAsync(context, 500));
        await using var gateway = await StartAsync(catalog, ("ordering", ordering), ("billing", billing));

        using var response = await AskAsync(
            gateway,
            $$"""{ product(id: "{{lamp}}") { name } order(id: "{{lamp}}") { status } }"""
        );

        var answer = await ReadAsync(response);
        Assert.Equal("Lamp", Name(answer.GetProperty("data").GetProperty("product")));
        Assert.Equal(JsonValueKind.Null, answer.GetProperty("data").GetProperty("order").ValueKind);
        Assert.Equal("UNAUTHENTICATED", CodeIn(answer));

        using var failed = await AskAsync(gateway, "{ invoices { total } }");

        Assert.Equal("UNAVAILABLE", CodeIn(await ReadAsync(failed)));
    }

    [Fact]
    public async Task A_catalog_that_fails_is_an_error_without_its_words()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await StartAsync(catalog);
        catalog.Failure = new RpcException(new Status(StatusCode.DataLoss, "secret words of the catalogue"));

        using var response = await AskAsync(gateway, "{ products { nextCursor } }");

        var answer = await ReadAsync(response);
        Assert.Equal("UNAVAILABLE", CodeIn(answer));
        Assert.DoesNotContain("secret", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_fault_of_ours_says_nothing_about_itself()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        // Two invoices of one order are something that the gateway does not reckon with.
        var order = Guid.CreateVersion7();
        await using var ordering = await Backend.StartAsync(OrdersOf([order], []));
        await using var billing = await Backend.StartAsync(InvoiceOf(order, order));
        await using var gateway = await StartAsync(catalog, ("ordering", ordering), ("billing", billing));

        using var response = await AskAsync(gateway, "{ orders { items { invoice { number } } } }");

        var answer = await ReadAsync(response);
        Assert.Equal(
            "Error trying to resolve field 'invoice'.",
            Assert.Single(answer.GetProperty("errors").EnumerateArray()).GetProperty("message").GetString()
        );
        Assert.DoesNotContain("same key", answer.GetRawText(), StringComparison.Ordinal);
        Assert.DoesNotContain("ARGUMENT", answer.GetRawText(), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("expensive", "Development", "COMPLEXITY")]
    [InlineData("many calls", "Production", "COMPLEXITY")]
    [InlineData("deep", "Development", "COMPLEXITY")]
    [InlineData("nested without end", "Production", "too nested")]
    [InlineData("the same field again and again", "Production", "COMPLEXITY")]
    [InlineData("the same unknown field again and again", "Production", "COMPLEXITY")]
    [InlineData("many inline fragments", "Production", "COMPLEXITY")]
    [InlineData("many arguments", "Production", "COMPLEXITY")]
    [InlineData("fragments that double", "Production", "COMPLEXITY")]
    [InlineData("fragments that double and are left out", "Development", "COMPLEXITY")]
    [InlineData("a fragment in itself", "Production", "COMPLEXITY")]
    [InlineData("negative page", "Production", "1 to 100")]
    [InlineData("huge page", "Production", "1 to 100")]
    [InlineData("introspection", "Production", "NO_INTROSPECTION")]
    [InlineData("unknown field", "Production", "FIELDS_ON_CORRECT_TYPE")]
    [InlineData("mutation", "Production", "INVALID_OPERATION")]
    public async Task A_query_that_asks_too_much_is_refused_before_any_service_hears_of_it(
        string kind,
        string environment,
        string reason
    )
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var ordering = await Backend.StartAsync(OrdersOf([], []));
        await using var gateway = await StartAsync(catalog, environment, ("ordering", ordering));
        var query = kind switch
        {
            "expensive" => $"{{ {Aliases(4, Orders[1..^1])} }}",
            "many calls" => $"{{ {Aliases(21, "orders(first: 1) { total }")} }}",
            "deep" => $"{{ __schema {{ types {{ fields {{ type {Nested("ofType", 15)} }} }} }} }}",
            "nested without end" => Nested("orders", 5_000),
            "the same field again and again" => $"{{ {Repeated("__typename ", 5_000)} }}",
            "the same unknown field again and again" => $"{{ {Repeated("a ", 30_000)} }}",
            "many inline fragments" => $"{{ {Repeated("...{a} ", 9_000)} }}",
            "many arguments" => $"{{ orders({Repeated("a:1 ", 15_000)}) {{ total }} }}",
            // Written out, a billion and more fields.
            "fragments that double" => Doubling(30, "__typename"),
            "fragments that double and are left out" => Doubling(30, "__typename @skip(if: true)"),
            "a fragment in itself" => "{ ...A } fragment A on Query { ...A }",
            "negative page" => "{ orders(first: -100) { total } }",
            "huge page" => "{ orders(first: 101) { total } }",
            "introspection" => "{ __schema { types { name } } }",
            "unknown field" => "{ orders { secrets } }",
            _ => "mutation { orders { total } }",
        };

        using var response = await AskAsync(gateway, query);

        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.BadRequest, $"{(int)response.StatusCode}: {body}");
        var answer = JsonSerializer.Deserialize<JsonElement>(body);
        Assert.Contains(reason, answer.GetProperty("errors")[0].GetRawText(), StringComparison.Ordinal);
        Assert.False(answer.TryGetProperty("data", out _), body);
        Assert.Empty(ordering.Requests);
        Assert.Empty(catalog.Calls);
    }

    [Theory]
    [InlineData("products")]
    [InlineData("search")]
    [InlineData("orders")]
    [InlineData("invoices")]
    [InlineData("order")]
    [InlineData("product")]
    [InlineData("all lists")]
    public async Task Every_field_of_the_schema_can_be_asked_for_at_the_largest_page_size(string name)
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var service = await Backend.StartAsync(context => FailAsync(context, 401));
        await using var gateway = await StartAsync(
            catalog,
            ("ordering", service),
            ("billing", service),
            ("search", service)
        );
        var fields = Fields(gateway).ToList();
        var asked = fields
            .Where(field => name == "all lists" ? field.Arguments?.Find("first") is not null : field.Name == name)
            .ToList();
        Assert.NotEmpty(asked);
        // Whoever adds a field adds a line here.
        Assert.Equal(
            ["invoices", "order", "orders", "product", "products", "search"],
            fields.Select(f => f.Name).Order()
        );

        using var response = await AskAsync(gateway, $"{{ {string.Join(' ', asked.Select(Whole))} }}");

        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {body}");
    }

    [Theory]
    [InlineData("orders", 4)]
    [InlineData("order", 21)]
    [InlineData("products", 21)]
    [InlineData("search", 21)]
    [InlineData("invoices", 21)]
    public async Task What_costs_too_much_is_told_its_cost_and_the_limit(string name, int times)
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await StartAsync(catalog);
        var field = Fields(gateway).Single(field => field.Name == name);

        using var response = await AskAsync(gateway, $"{{ {Aliases(times, Whole(field))} }}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        var message = answer.GetProperty("errors")[0].GetProperty("message").GetString()!;
        var numbers = Regex.Matches(message, "[0-9]+").Select(match => int.Parse(match.Value, null)).ToList();
        Assert.Equal(2, numbers.Count);
        Assert.True(numbers[0] > numbers[1], message);
        Assert.Equal(GraphQLSetup.MaxComplexity, numbers[1]);
    }

    [Theory]
    [InlineData("nested in 20", "20", "15")]
    [InlineData("nested in 40", "40", "15")]
    [InlineData("nested in 5000", "128", "15")]
    [InlineData("wide", "2000", "2000")]
    [InlineData("fragments", "2000", "2000")]
    public async Task What_is_too_deep_or_too_large_is_told_the_limit(string kind, string size, string limit)
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await StartAsync(catalog, "Development");
        var query = kind switch
        {
            "wide" => $"{{ {Repeated("__typename ", 1_500)} }}",
            "fragments" => Doubling(15, "__typename"),
            _ => $"{{ __schema {{ types {Nested("ofType", int.Parse(kind[10..], null) - 3)} }} }}",
        };

        using var response = await AskAsync(gateway, query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        var message = answer.GetProperty("errors")[0].GetProperty("message").GetString()!;
        Assert.Contains(size, message, StringComparison.Ordinal);
        Assert.Contains(limit, message, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Of_many_mistakes_in_a_query_the_first_ones_are_told()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await StartAsync(catalog);

        using var response = await AskAsync(gateway, $"{{ {Repeated("a ", 500)} }}");

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        var answer = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
        Assert.Equal(10, answer.GetProperty("errors").GetArrayLength());
    }

    [Fact]
    public async Task In_Development_tools_may_read_the_schema()
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await StartAsync(catalog, "Development");

        // All that there is to ask, with fragments, as such tools do.
        using var response = await AskAsync(
            gateway,
            $$"""
            query Schema {
              __schema {
                queryType { name } mutationType { name } subscriptionType { name }
                types { ...Whole }
                directives { name description locations args { ...Input } }
              }
            }
            fragment Whole on __Type {
              kind name description
              fields(includeDeprecated: true) {
                name description args { ...Input } type { ...Reference } isDeprecated deprecationReason
              }
              inputFields { ...Input }
              interfaces { ...Reference }
              enumValues(includeDeprecated: true) { name description isDeprecated deprecationReason }
              possibleTypes { ...Reference }
            }
            fragment Input on __InputValue { name description type { ...Reference } defaultValue }
            fragment Reference on __Type {{Nested("kind name ofType", 9)}}
            """
        );

        var schema = (await ReadAsync(response)).GetProperty("data").GetProperty("__schema");
        Assert.Contains("Order", schema.GetProperty("types").EnumerateArray().Select(Name));
    }

    [Theory]
    [InlineData("""{"query":""", HttpStatusCode.BadRequest, "validation")]
    [InlineData("""{"variables":{}}""", HttpStatusCode.BadRequest, "validation")]
    [InlineData("null", HttpStatusCode.BadRequest, "validation")]
    [InlineData("<query/>", HttpStatusCode.UnsupportedMediaType, "unsupported-media-type")]
    [InlineData("too long", HttpStatusCode.RequestEntityTooLarge, "body-too-large")]
    [InlineData("too deep", HttpStatusCode.BadRequest, "validation")]
    public async Task A_request_that_is_none_is_refused(string body, HttpStatusCode status, string kind)
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await StartAsync(catalog);
        var text = body switch
        {
            "too long" => $$"""{"query":"{{new string(' ', 64 * 1024)}}"}""",
            "too deep" => $$"""{"query":"{ orders { total } }","variables":{{new string('[', 50_000)}}""",
            _ => body,
        };
        var type = body.StartsWith('<') ? "application/xml" : "application/json";

        using var response = await gateway.PostAsync("/graphql", new StringContent(text, Encoding.UTF8, type));

        await response.ProblemAsync(status, kind);
    }

    [Theory]
    [InlineData("{ nonsense }")]
    [InlineData("{ orders(first: 1")]
    [InlineData("{ me { email } }")]
    public async Task What_a_caller_did_wrong_is_no_error_of_ours_in_the_log(string query)
    {
        await using var catalog = await CatalogStandIn.StartAsync();
        await using var gateway = await RunningGateway.StartAsync("Logging:LogLevel:Default=Trace", catalog.Setting);
        using var log = new LogRecorder();
        gateway.Application.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);

        using var response = await AskAsync(gateway, query);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Equal([], log.Entries.Where(entry => entry.Level >= LogLevel.Warning).Select(entry => entry.Message));
    }

    private static Task<RunningGateway> StartAsync(
        CatalogStandIn catalog,
        params (string Name, Backend Backend)[] services
    ) => StartAsync(catalog, "Production", services);

    private static Task<RunningGateway> StartAsync(
        CatalogStandIn catalog,
        string environment,
        params (string Name, Backend Backend)[] services
    ) =>
        RunningGateway.StartAsync([
            $"environment={environment}",
            catalog.Setting,
            .. services.Select(service => $"services:{service.Name}:http:0={service.Backend.Address}"),
        ]);

    private static Task<HttpResponseMessage> AskAsync(RunningGateway gateway, string query, string? token = null)
    {
        var request = new HttpRequestMessage(HttpMethod.Post, "/graphql")
        {
            Content = JsonContent.Create(new { query }),
        };
        if (token is not null)
        {
            request.Headers.Add("Authorization", token);
        }

        return gateway.SendAsync(request);
    }

    private static async Task<JsonElement> ReadAsync(HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {body}");
        return JsonSerializer.Deserialize<JsonElement>(body);
    }

    private static string? Name(JsonElement element) => element.GetProperty("name").GetString();

    private static string? CodeIn(JsonElement answer) =>
        Assert
            .Single(answer.GetProperty("errors").EnumerateArray())
            .GetProperty("extensions")
            .GetProperty("code")
            .GetString();

    private static string Aliases(int count, string field) =>
        string.Join(' ', Enumerable.Range(0, count).Select(i => $"a{i}: {field}"));

    /// <summary>What can be asked.</summary>
    private static TypeFields Fields(RunningGateway gateway)
    {
        var schema = gateway.Application.Services.GetRequiredService<ISchema>();
        schema.Initialize();
        return schema.Query.Fields;
    }

    /// <summary>A field with all that it has, at the largest page size.</summary>
    private static string Whole(FieldType field)
    {
        var arguments = string.Join(
            ", ",
            (field.Arguments ?? [])
                .Select(argument =>
                    argument.Name switch
                    {
                        "first" => $"first: {Paging.MaxPageSize}",
                        "id" => $"id: \"{Guid.CreateVersion7()}\"",
                        "text" => "text: \"lamp\"",
                        _ => "",
                    }
                )
                .Where(argument => argument.Length > 0)
        );
        var selection = field.ResolvedType!.GetNamedType() is IObjectGraphType type
            ? $" {{ {string.Join(' ', type.Fields.Select(Whole))} }}"
            : "";
        return field.Name + (arguments.Length > 0 ? $"({arguments})" : "") + selection;
    }

    private static string Repeated(string text, int count) => string.Concat(Enumerable.Repeat(text, count));

    /// <summary>A query of fragments each of which has the next one twice.</summary>
    private static string Doubling(int fragments, string field)
    {
        var all = Enumerable
            .Range(0, fragments)
            .Select(i => $"fragment F{i} on Query {{ ...F{i + 1} ...F{i + 1} }}")
            .Append($"fragment F{fragments} on Query {{ {field} }}");
        return "{ ...F0 } " + string.Join(' ', all);
    }

    private static string Nested(string field, int depth)
    {
        var text = new StringBuilder("{ name }");
        for (var i = 0; i < depth; i++)
        {
            text.Insert(0, $"{{ {field} ").Append('}');
        }

        return text.ToString();
    }

    private static RequestDelegate OrdersOf(Guid[] orders, Guid[] products)
    {
        var lines = products.Select(product => new
        {
            productId = product,
            name = "as ordered",
            unitPrice = 1.5m,
            quantity = 2,
        });
        var items = orders.Select(order => new
        {
            id = order,
            status = "Confirmed",
            itemCount = products.Length,
            items = lines,
            total = 3.0m,
            currency = "USD",
            createdAt = "2026-01-02T03:04:05+00:00",
        });
        return Answering(Page(items, orders.Length));
    }

    private static RequestDelegate InvoiceOf(params Guid[] orders) =>
        Answering(
            Page(
                orders.Select(order => new
                {
                    id = Guid.CreateVersion7(),
                    number = "R-1",
                    orderId = order,
                    status = "PAID",
                    total = 3.0m,
                    currency = "USD",
                    issuedAt = "2026-01-02T03:04:05+00:00",
                    dueAt = "2026-02-02T03:04:05+00:00",
                }),
                orders.Length
            )
        );

    private static string Page<T>(IEnumerable<T> items, int total) =>
        JsonSerializer.Serialize(
            new
            {
                items,
                page = 1,
                pageSize = 100,
                total,
            }
        );

    private static RequestDelegate Answering(string json) =>
        context =>
        {
            context.Response.ContentType = "application/json";
            return context.Response.WriteAsync(json);
        };

    private static Task FailAsync(HttpContext context, int status)
    {
        context.Response.StatusCode = status;
        return Task.CompletedTask;
    }
}
