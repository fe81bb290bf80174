using System.Net;
using Microsoft.Extensions.DependencyInjection;

namespace Shop.ServiceDefaults.Tests;

public sealed class HttpClientTests
{
    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task A_read_that_fails_is_repeated()
    {
        using var network = new FailingOnce();
        await using var host = await StartAsync(network);

        using var response = await Client(host).GetAsync("http://localhost/", Cancel);

        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        Assert.Equal(2, network.Calls);
    }

    [Theory]
    [InlineData("POST")]
    [InlineData("PATCH")]
    [InlineData("DELETE")]
    public async Task A_change_that_fails_is_not_repeated(string method)
    {
        using var network = new FailingOnce();
        await using var host = await StartAsync(network);
        using var request = new HttpRequestMessage(new HttpMethod(method), "http://localhost/");

        using var response = await Client(host).SendAsync(request, Cancel);

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(1, network.Calls);
    }

    [Fact]
    public async Task A_service_is_found_by_its_name()
    {
        using var network = new FailingOnce();
        await using var host = await TestHost.StartAsync(configure: builder =>
        {
            builder.Configuration["services:catalog:http:0"] = "http://10.1.2.3:4567";
            builder.Services.AddHttpClient("").ConfigurePrimaryHttpMessageHandler(() => network);
        });

        using var response = await Client(host).GetAsync("https+http://catalog/products", Cancel);

        Assert.Equal("http://10.1.2.3:4567/products", network.LastUri?.ToString());
    }

    private static Task<TestHost> StartAsync(FailingOnce network) =>
        TestHost.StartAsync(configure: builder =>
            builder.Services.AddHttpClient("").ConfigurePrimaryHttpMessageHandler(() => network)
        );

    private static HttpClient Client(TestHost host) =>
        host.Services.GetRequiredService<IHttpClientFactory>().CreateClient("");

    private sealed class FailingOnce : HttpMessageHandler
    {
        public int Calls { get; private set; }

        public Uri? LastUri { get; private set; }

        protected override Task<HttpResponseMessage> SendAsync(
            HttpRequestMessage request,
            CancellationToken cancellationToken
        )
        {
            LastUri = request.RequestUri;
            return Task.FromResult(
                new HttpResponseMessage(++Calls == 1 ? HttpStatusCode.ServiceUnavailable : HttpStatusCode.OK)
            );
        }
    }
}
