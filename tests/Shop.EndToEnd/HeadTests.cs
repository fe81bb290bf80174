using Shop.EndToEnd.Walk;

namespace Shop.EndToEnd;

/// <summary>HEAD is answered as GET, without the body (RFC 9110, 9.3.2).</summary>
[Collection<SharedWalkers>]
public sealed class HeadTests(Walkers walkers)
{
    [Theory]
    [InlineData("/")]
    [InlineData("/products")]
    [InlineData("/docs")]
    [InlineData("/openapi/v1.json")]
    [InlineData("/api/products")]
    [InlineData("/api/search")]
    [InlineData("/api/search/suggest?q=lamp")]
    [InlineData("/api/orders/regions")]
    [InlineData("/healthz")]
    [InlineData("/ready")]
    [InlineData("/.well-known/openid-configuration")]
    [InlineData("/.well-known/jwks")]
    [InlineData("/shop.css")]
    [InlineData("/account/login")]
    [InlineData("/nothing-here")]
    public async Task It_says_what_GET_says(string path)
    {
        using var get = await walkers.Http.GetAsync(
            new Uri(path, UriKind.Relative),
            TestContext.Current.CancellationToken
        );
        using var head = await HeadAsync(path, caller: null);

        Assert.Equal(
            (get.StatusCode, get.Content.Headers.ContentType),
            (head.StatusCode, head.Content.Headers.ContentType)
        );
    }

    [Fact]
    public async Task It_says_what_GET_says_for_every_operation()
    {
        var api = await ApiDescription.ReadAsync(walkers.Http);
        var random = new Random(1);
        var gets = api.Operations.Where(operation => operation.Method == "GET").ToList();
        foreach (var operation in gets)
        {
            var path = string.Join(
                '/',
                operation
                    .Path.Split('/')
                    .Select(part => part.StartsWith('{') ? walkers.IdFor(operation.Path, random) : part)
            );
            using var request = walkers.RequestOf("admin", HttpMethod.Get, path);
            using var get = await walkers.Http.SendAsync(
                request,
                HttpCompletionOption.ResponseHeadersRead,
                TestContext.Current.CancellationToken
            );
            using var head = await HeadAsync(path, "admin");

            Assert.True(
                get.StatusCode == head.StatusCode,
                $"GET {path} answered {(int)get.StatusCode}, HEAD {(int)head.StatusCode}."
            );
        }

        Assert.True(gets.Count > 30, $"There are only {gets.Count} operations to ask.");
    }

    private async Task<HttpResponseMessage> HeadAsync(string path, string? caller)
    {
        using var request = walkers.RequestOf(caller, HttpMethod.Head, path);
        var response = await walkers.Http.SendAsync(request, TestContext.Current.CancellationToken);
        Assert.Empty(await response.Content.ReadAsByteArrayAsync(TestContext.Current.CancellationToken));
        return response;
    }
}
