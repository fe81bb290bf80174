using Google.Rpc;
using Grpc.Core;
using Shop.Catalog.Rpc.V1;

namespace Shop.Catalog.Tests;

public sealed class GrpcTests(RunningCatalog catalog)
{
    private const string Shoes = "01900000-0000-7000-8000-000000100001";
    private const string Camera = "01900000-0000-7000-8000-000000100021";

    private readonly ProductService.ProductServiceClient client = catalog.CreateGrpcClient();
    private readonly HttpClient admin = catalog.CreateClient("admin");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_product_is_the_same_as_over_HTTP()
    {
        var product = await client.GetProductAsync(new() { ProductId = Shoes }, cancellationToken: Cancel);

        var json = await catalog.CreateClient().GetJsonAsync("/api/products/" + Shoes);
        Assert.Equal(json.GetProperty("name").GetString(), product.Name);
        Assert.Equal(json.GetProperty("description").GetString(), product.Description);
        Assert.Equal(json.GetProperty("stock").GetInt32(), product.Stock);
        Assert.Equal(json.GetProperty("image").GetString(), product.Image);
        Assert.Equal(
            json.GetProperty("categories").EnumerateArray().Select(category => category.GetString()),
            product.Categories
        );
        Assert.Equal(json.GetProperty("price").GetDecimal(), Amount(product.Price));
        Assert.Equal("USD", product.Price.CurrencyCode);
    }

    [Theory]
    [InlineData("0.01", 0, 10_000_000)]
    [InlineData("19.90", 19, 900_000_000)]
    [InlineData("1000000.00", 1_000_000, 0)]
    public async Task Money_is_exact(string price, long units, int nanos)
    {
        var body = ApiExtensions.Product();
        body["price"] = decimal.Parse(price, System.Globalization.CultureInfo.InvariantCulture);
        var (path, _) = await admin.CreateAsync(body);

        var product = await client.GetProductAsync(new() { ProductId = path[^36..] }, cancellationToken: Cancel);

        Assert.Equal((units, nanos), (product.Price.Units, product.Price.Nanos));
    }

    [Fact]
    public async Task A_batch_answers_each_product_once_and_leaves_out_what_there_is_not()
    {
        var request = new GetProductsRequest { ProductIds = { Camera, Shoes, Guid.NewGuid().ToString(), Camera } };

        var answer = await client.GetProductsAsync(request, cancellationToken: Cancel);

        Assert.Equal([Shoes, Camera], answer.Products.Select(product => product.Id).Order());
    }

    [Theory]
    [InlineData(1)]
    [InlineData(40)]
    public async Task A_change_is_seen_at_once(int companions)
    {
        var (path, tag) = await admin.CreateAsync();
        var request = new GetProductsRequest { ProductIds = { path[^36..] } };
        request.ProductIds.AddRange(Enumerable.Range(0, companions).Select(_ => Guid.NewGuid().ToString()));
        await client.GetProductsAsync(request, cancellationToken: Cancel);

        using var changed = await admin.WriteAsync(HttpMethod.Put, path, ApiExtensions.Product("Parasol"), tag);

        var product = Assert.Single((await client.GetProductsAsync(request, cancellationToken: Cancel)).Products);
        Assert.Equal(("Parasol", 2), (product.Name, product.Version));
    }

    [Fact]
    public async Task Without_the_database_a_batch_fails_unless_it_may_be_in_part()
    {
        await using var replica = catalog.CreateReplica(databaseAddress: "Host=127.0.0.1;Port=1;Database=none");
        var there = RunningCatalog.CreateGrpcClient(replica);
        var unknown = Guid.NewGuid().ToString();
        var request = new GetProductsRequest { ProductIds = { Shoes, unknown } };
        // Now the cache that both share has it.
        await client.GetProductAsync(new() { ProductId = Shoes }, cancellationToken: Cancel);

        var failure = await Assert.ThrowsAsync<RpcException>(async () =>
            await there.GetProductsAsync(request, cancellationToken: Cancel)
        );
        request.ReturnPartialSuccess = true;
        var part = await there.GetProductsAsync(request, cancellationToken: Cancel);

        Assert.Equal(StatusCode.Unavailable, failure.StatusCode);
        Assert.Equal(Shoes, Assert.Single(part.Products).Id);
        Assert.Equal(unknown, Assert.Single(part.Unreachable));
    }

    [Fact]
    public async Task What_is_out_of_stock_says_how_much_there_is()
    {
        var stock = (await client.GetProductAsync(new() { ProductId = Shoes }, cancellationToken: Cancel)).Stock;

        var enough = await client.CheckAvailabilityAsync(
            new() { ProductId = Shoes, Quantity = stock },
            cancellationToken: Cancel
        );
        var tooMuch = await client.CheckAvailabilityAsync(
            new() { ProductId = Shoes, Quantity = stock + 1 },
            cancellationToken: Cancel
        );

        Assert.Equal(stock, enough.InStock.Available);
        Assert.Equal(stock, tooMuch.OutOfStock.Available);
    }

    [Fact]
    public async Task Pages_hold_every_product_once()
    {
        var request = new SearchProductsRequest { Category = "home", PageSize = 4 };
        var ids = new List<string>();
        do
        {
            var page = await client.SearchProductsAsync(request, cancellationToken: Cancel);
            ids.AddRange(page.Products.Select(product => product.Id));
            request.PageToken = page.NextPageToken;
        } while (request.PageToken != "");

        var all = await catalog.CreateClient().GetJsonAsync("/api/products?category=home&pageSize=100");
        Assert.Equal(
            all.GetProperty("items").EnumerateArray().Select(item => item.GetProperty("id").GetString()).Order(),
            ids
        );
    }

    [Fact]
    public async Task A_text_is_found_in_names_whatever_its_case_and_its_signs()
    {
        var (path, _) = await admin.CreateAsync(ApiExtensions.Product(@"50%_off\ Poncho"));

        foreach (var text in new[] { @"%_OFF\ p", "poncho", "50%" })
        {
            var found = await client.SearchProductsAsync(new() { Text = text }, cancellationToken: Cancel);
            Assert.Contains(path[^36..], found.Products.Select(product => product.Id));
        }

        var none = await client.SearchProductsAsync(new() { Text = "5__off" }, cancellationToken: Cancel);
        Assert.Empty(none.Products);
    }

    [Theory]
    [InlineData("чайник", "ЧАЙНИК электрический")]
    [InlineData("ÄPFEL", "Rote Äpfel")]
    [InlineData("λάδι", "ΛΆΔΙ")]
    public async Task A_text_is_found_in_names_whatever_the_case_of_its_letters(string text, string name)
    {
        var (path, _) = await admin.CreateAsync(ApiExtensions.Product(name));

        var found = await client.SearchProductsAsync(new() { Text = text }, cancellationToken: Cancel);

        Assert.Equal(
            [path[^36..]],
            found.Products.Where(product => product.Name == name).Select(product => product.Id)
        );
    }

    [Fact]
    public async Task An_unknown_product_is_NOT_FOUND()
    {
        var id = Guid.NewGuid().ToString();

        var get = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.GetProductAsync(new() { ProductId = id }, cancellationToken: Cancel)
        );
        var check = await Assert.ThrowsAsync<RpcException>(async () =>
            await client.CheckAvailabilityAsync(new() { ProductId = id, Quantity = 1 }, cancellationToken: Cancel)
        );

        Assert.Equal(StatusCode.NotFound, get.StatusCode);
        Assert.Equal(StatusCode.NotFound, check.StatusCode);
        Assert.Contains(id, get.Status.Detail, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Bad_input_is_INVALID_ARGUMENT_with_the_fields_name()
    {
        await RefusesAsync("product_id", () => client.GetProductAsync(new() { ProductId = "1" }));
        await RefusesAsync("product_ids", () => client.GetProductsAsync(new()));
        await RefusesAsync(
            "product_ids[1]",
            () => client.GetProductsAsync(new() { ProductIds = { Shoes, "' OR 1=1" } })
        );
        await RefusesAsync(
            "product_ids",
            () => client.GetProductsAsync(new() { ProductIds = { Enumerable.Repeat(Shoes, 101) } })
        );
        await RefusesAsync("quantity", () => client.CheckAvailabilityAsync(new() { ProductId = Shoes }));
        await RefusesAsync("text", () => client.SearchProductsAsync(new() { Text = new string('x', 101) }));
        await RefusesAsync("text", () => client.SearchProductsAsync(new() { Text = "a\0b" }));
        await RefusesAsync("category", () => client.SearchProductsAsync(new() { Category = "No Slug" }));
        await RefusesAsync("page_size", () => client.SearchProductsAsync(new() { PageSize = 101 }));
        await RefusesAsync("page_token", () => client.SearchProductsAsync(new() { PageToken = "x" }));
    }

    private static async Task RefusesAsync<T>(string field, Func<AsyncUnaryCall<T>> call)
    {
        var exception = await Assert.ThrowsAsync<RpcException>(async () => await call());
        Assert.Equal(StatusCode.InvalidArgument, exception.StatusCode);
        var violation = Assert.Single(exception.GetRpcStatus()!.GetDetail<BadRequest>().FieldViolations);
        Assert.Equal(field, violation.Field);
        Assert.NotEqual("", violation.Description);
    }

    private static decimal Amount(Money money) => money.Units + money.Nanos / 1_000_000_000m;
}
