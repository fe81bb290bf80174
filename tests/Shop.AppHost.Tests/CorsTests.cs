using System.Net;
using Shop.EndToEnd.Walk;

namespace Shop.AppHost.Tests;

/// <summary>What pages of another origin may read, by what the whole shop describes.</summary>
public sealed class CorsTests(RunningShop shop)
{
    /// <summary>The origin that the gateway allows.</summary>
    internal const string Origin = "https://pages.example";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Theory]
    [InlineData("/api/products", HttpStatusCode.OK)]
    [InlineData("/api/products/01900000-0000-7000-8000-000000100035", HttpStatusCode.OK)]
    [InlineData("/api/products/01900000-0000-7000-8000-00000000dead", HttpStatusCode.NotFound)]
    [InlineData("/api/products?pageSize=0", HttpStatusCode.BadRequest)]
    [InlineData("/api/orders", HttpStatusCode.Unauthorized)]
    [InlineData("/api/unknown", HttpStatusCode.NotFound)]
    public async Task Every_header_that_the_shop_describes_can_be_read(string path, HttpStatusCode status)
    {
        var api = await ApiDescription.ReadAsync(shop.Client.Stranger);
        var described = api
            .Operations.SelectMany(operation => operation.Described["responses"]!.AsObject())
            .SelectMany(response => api.Resolve(response.Value!)["headers"]?.AsObject() ?? [])
            .Select(header => header.Key)
            .ToHashSet(StringComparer.OrdinalIgnoreCase);
        Assert.Superset(new HashSet<string> { "ETag", "Location", "RateLimit-Remaining", "Retry-After" }, described);
        using var request = new HttpRequestMessage(HttpMethod.Get, path);
        request.Headers.Add("Origin", Origin);

        using var response = await shop.Client.Stranger.SendAsync(request, Cancel);

        Assert.Equal(status, response.StatusCode);
        var exposed = response
            .Headers.GetValues("Access-Control-Expose-Headers")
            .SelectMany(value => value.Split(',', StringSplitOptions.TrimEntries));
        Assert.Empty(described.Except(exposed, StringComparer.OrdinalIgnoreCase));
    }
}
