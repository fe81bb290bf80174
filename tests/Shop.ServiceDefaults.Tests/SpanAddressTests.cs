using Shop.ServiceDefaults.Telemetry;

namespace Shop.ServiceDefaults.Tests;

public sealed class SpanAddressTests
{
    [Theory]
    [InlineData("/api/products", "/api/products", "/api/products")]
    [InlineData("/api/orders/{id}", "/api/orders/ada@shop.test", "/api/orders/*")]
    [InlineData(
        "/api/orders/{id:guid}/cancel",
        "/api/orders/0199f1a0-0000-7000-8000-000000000001/cancel",
        "/api/orders/0199f1a0-0000-7000-8000-000000000001/cancel"
    )]
    [InlineData(
        "/staff/dead-letters/{Context}/{Number:long}",
        "/staff/dead-letters/Ada/12",
        "/staff/dead-letters/*/12"
    )]
    [InlineData("{**rest}", "/Ada/Lovelace", "/*/*")]
    public void Of_a_path_stay_the_words_of_its_route_and_ids(string route, string path, string expected) =>
        Assert.Equal(expected, SpanAddress.Clean(route, path));
}
