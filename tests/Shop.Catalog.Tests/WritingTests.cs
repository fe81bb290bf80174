using System.Net;
using System.Text;
using Microsoft.EntityFrameworkCore;

namespace Shop.Catalog.Tests;

public sealed class WritingTests(RunningCatalog catalog)
{
    private static readonly string[] Writes = ["POST", "PUT", "DELETE"];

    private readonly HttpClient admin = catalog.CreateClient("admin");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_new_product_is_there_without_stock_and_announced()
    {
        var (path, tag) = await admin.CreateAsync();

        using var response = await catalog.CreateClient().GetAnswerAsync(path);
        var product = await response.JsonAsync();
        Assert.Equal("Umbrella", product.GetProperty("name").GetString());
        Assert.Equal(19.90m, product.GetProperty("price").GetDecimal());
        Assert.Equal("USD", product.GetProperty("currency").GetString());
        Assert.Equal(0, product.GetProperty("stock").GetInt32());
        Assert.Equal(tag, response.Headers.ETag!.Tag);
        var message = Assert.Single(await catalog.MessagesAboutAsync(path));
        Assert.Equal("shop.catalog.product-created.v1", message.Type);
        Assert.Equal("catalog-events", message.Destination);
        Assert.Equal("Umbrella", message.Json.GetProperty("name").GetString());
        Assert.Equal(1, message.Json.GetProperty("version").GetInt32());
    }

    [Fact]
    public async Task A_change_is_shown_and_announced_with_a_higher_version()
    {
        var (path, tag) = await admin.CreateAsync();
        var changed = ApiExtensions.Product("Parasol");
        changed["price"] = 25m;

        using var response = await admin.WriteAsync(HttpMethod.Put, path, changed, tag);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.NotEqual(tag, response.Headers.ETag!.Tag);
        var product = await admin.GetJsonAsync(path);
        Assert.Equal("Parasol", product.GetProperty("name").GetString());
        Assert.Equal(25m, product.GetProperty("price").GetDecimal());
        var message = (await catalog.MessagesAboutAsync(path))[^1];
        Assert.Equal("shop.catalog.product-changed.v1", message.Type);
        Assert.Equal(25m, message.Json.GetProperty("price").GetDecimal());
        Assert.Equal(2, message.Json.GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData(null)]
    [InlineData("text/plain")]
    public async Task A_body_that_is_not_said_to_be_JSON_is_refused(string? contentType)
    {
        using var content = new ByteArrayContent(
            Encoding.UTF8.GetBytes(System.Text.Json.JsonSerializer.Serialize(ApiExtensions.Product()))
        );
        if (contentType is not null)
            content.Headers.TryAddWithoutValidation("Content-Type", contentType);

        using var response = await admin.PostAsync("/api/products", content, Cancel);

        Assert.Equal(HttpStatusCode.UnsupportedMediaType, response.StatusCode);
    }

    [Fact]
    public async Task A_name_of_more_bytes_than_an_index_can_hold_is_refused()
    {
        // 200 characters, as people count them. Random marks, since the database compresses what repeats.
        var random = new Random(1);
        var character = () =>
            "a" + string.Concat(Enumerable.Range(0, 15).Select(_ => (char)random.Next(0x0300, 0x034E)));
        var name = string.Concat(Enumerable.Range(0, 200).Select(_ => character()));

        using var response = await admin.WriteAsync(HttpMethod.Post, "/api/products", ApiExtensions.Product(name));

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Contains("too many bytes", await response.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("\U00020BB7", 150)]
    [InlineData("\U0001F468\u200D\U0001F469\u200D\U0001F467\u200D\U0001F466", 200)]
    public async Task A_name_is_as_long_as_people_count(string character, int times)
    {
        var name = string.Concat(Enumerable.Repeat(character, times));

        using var response = await admin.WriteAsync(HttpMethod.Post, "/api/products", ApiExtensions.Product(name));

        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    [Fact]
    public async Task A_change_to_the_same_announces_nothing()
    {
        var (path, tag) = await admin.CreateAsync();

        using var response = await admin.WriteAsync(HttpMethod.Put, path, ApiExtensions.Product(), tag);

        Assert.Equal(tag, response.Headers.ETag!.Tag);
        Assert.Single(await catalog.MessagesAboutAsync(path));
    }

    [Fact]
    public async Task A_deleted_product_is_gone_and_that_is_announced()
    {
        var (path, tag) = await admin.CreateAsync();

        using var response = await admin.WriteAsync(HttpMethod.Delete, path, ifMatch: tag);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
        using var gone = await admin.GetAnswerAsync(path);
        Assert.Equal(HttpStatusCode.NotFound, gone.StatusCode);
        var message = (await catalog.MessagesAboutAsync(path))[^1];
        Assert.Equal("shop.catalog.product-deleted.v1", message.Type);
        Assert.Equal(2, message.Json.GetProperty("version").GetInt32());
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Who_does_not_say_which_version_is_asked_to(string method)
    {
        var (path, _) = await admin.CreateAsync();

        using var response = await admin.WriteAsync(new(method), path, Body(method));

        await response.ProblemAsync(HttpStatusCode.PreconditionRequired, "precondition-required");
    }

    [Theory]
    [InlineData("PUT")]
    [InlineData("DELETE")]
    public async Task Who_has_seen_an_older_version_is_refused(string method)
    {
        var (path, old) = await admin.CreateAsync();
        using (await admin.WriteAsync(HttpMethod.Put, path, ApiExtensions.Product("Parasol"), old)) { }

        using var response = await admin.WriteAsync(new(method), path, Body(method), old);

        await response.ProblemAsync(HttpStatusCode.PreconditionFailed, "product-changed-meanwhile");
        Assert.Equal("Parasol", (await admin.GetJsonAsync(path)).GetProperty("name").GetString());
        Assert.Equal(2, (await catalog.MessagesAboutAsync(path)).Count);
    }

    [Theory]
    [InlineData("W/\"1.0\"")]
    [InlineData("\"2.0\"")]
    [InlineData("\"\"")]
    [InlineData("1.0")]
    [InlineData("nonsense,,")]
    public async Task A_tag_that_is_not_the_products_does_not_match(string tag)
    {
        var (path, _) = await admin.CreateAsync();

        using var response = await admin.WriteAsync(HttpMethod.Put, path, ApiExtensions.Product("Hat"), tag);

        await response.ProblemAsync(HttpStatusCode.PreconditionFailed, "product-changed-meanwhile");
    }

    [Theory]
    [InlineData("*")]
    [InlineData("\"9.0\", \"1.0\"")]
    public async Task Any_version_or_one_of_several_matches(string tag)
    {
        var (path, _) = await admin.CreateAsync();

        using var response = await admin.WriteAsync(HttpMethod.Put, path, ApiExtensions.Product("Hat"), tag);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
    }

    [Fact]
    public async Task Of_two_changes_at_the_same_moment_one_is_refused_by_the_database()
    {
        var (path, _) = await admin.CreateAsync();
        var id = Guid.Parse(path[^36..]);

        await catalog.WithAsync(
            async (first, _) =>
            {
                var mine = await first.Products.SingleAsync(product => product.Id == id, Cancel);
                await catalog.WithAsync(
                    async (second, _) =>
                    {
                        var theirs = await second.Products.SingleAsync(p => p.Id == id, Cancel);
                        theirs.Change(theirs.Details with { Name = "Theirs" }, DateTimeOffset.UtcNow);
                        return await second.SaveChangesAsync(Cancel);
                    }
                );
                mine.Change(mine.Details with { Name = "Mine" }, DateTimeOffset.UtcNow);
                return await Assert.ThrowsAsync<DbUpdateConcurrencyException>(() => first.SaveChangesAsync(Cancel));
            }
        );

        Assert.Equal("Theirs", (await admin.GetJsonAsync(path)).GetProperty("name").GetString());
    }

    [Fact]
    public async Task Of_many_changes_to_one_version_exactly_one_succeeds()
    {
        var (path, tag) = await admin.CreateAsync();

        var answers = await Task.WhenAll(
            Enumerable
                .Range(1, 10)
                .Select(n => admin.WriteAsync(HttpMethod.Put, path, ApiExtensions.Product($"Hat {n}"), tag))
        );

        Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        Assert.Equal(9, answers.Count(answer => answer.StatusCode == HttpStatusCode.PreconditionFailed));
        Assert.Equal(2, (await catalog.MessagesAboutAsync(path)).Count);
    }

    [Fact]
    public async Task Every_field_that_is_wrong_is_named_and_nothing_is_written()
    {
        var name = $"Wrong {Guid.NewGuid():N}";

        using var response = await admin.WriteAsync(
            HttpMethod.Post,
            "/api/products",
            new
            {
                name,
                price = -1,
                currency = "EUR",
                categories = (string[])["Not A Slug"],
                image = "../x.svg",
            }
        );

        await response.RefusesAsync("description", "price", "currency", "categories", "image");
        Assert.False(await catalog.WithAsync((db, _) => db.Products.AnyAsync(product => product.Name == name, Cancel)));
    }

    [Theory]
    [InlineData("{", "$")]
    [InlineData("""{"nmae":"x"}""", "nmae")]
    [InlineData("""{"price":"cheap"}""", "price")]
    public async Task A_body_that_cannot_be_read_is_refused(string body, string field)
    {
        using var content = new StringContent(body, Encoding.UTF8, "application/json");

        using var response = await admin.PostAsync(new Uri("/api/products", UriKind.Relative), content, Cancel);

        await response.RefusesAsync(field);
    }

    [Theory]
    [InlineData("customer")]
    [InlineData("operator")]
    public async Task Only_administrators_write(string role)
    {
        var (path, tag) = await admin.CreateAsync();
        var other = catalog.CreateClient(role);

        foreach (var method in Writes)
        {
            using var response = await other.WriteAsync(
                new(method),
                method == "POST" ? "/api/products" : path,
                Body(method),
                tag
            );
            await response.ProblemAsync(HttpStatusCode.Forbidden, "forbidden");
        }

        Assert.Single(await catalog.MessagesAboutAsync(path));
    }

    private static Dictionary<string, object?>? Body(string method) =>
        method == "DELETE" ? null : ApiExtensions.Product("Changed");
}
