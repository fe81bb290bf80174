using System.Globalization;
using System.Net.Http.Headers;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Shop.Testing;

namespace Shop.Gateway.Tests;

public sealed class AccessLogTests
{
    [Fact]
    public async Task A_request_is_one_entry_that_says_how_it_went_and_nothing_of_what_was_in_it()
    {
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(
            "Logging:LogLevel:Default=Information",
            $"services:catalog:http:0={backend.Address}"
        );
        using var log = new LogRecorder();
        gateway.Application.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var request = new HttpRequestMessage(HttpMethod.Post, "/api/products/ada%40shop.test?email=ada@shop.test")
        {
            Content = new StringContent("""{"password":"s3cret-word"}"""),
        };
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", "s3cret-token");
        request.Headers.Add("X-Correlation-ID", "order-42");

        using (await gateway.SendAsync(request)) { }
        using (await gateway.GetAsync("/healthz")) { }
        await gateway.Application.StopAsync(TestContext.Current.CancellationToken);

        var entry = Assert.Single(log.Entries, one => one.Category.EndsWith("AccessLog", StringComparison.Ordinal));
        Assert.Equal("POST", entry.Fields["Method"]);
        Assert.Equal("/api/products/{**rest}", entry.Fields["Route"]);
        Assert.Equal("200", entry.Fields["Status"]);
        Assert.Equal("order-42", entry.Fields["CorrelationId"]);
        Assert.True(double.Parse(entry.Fields["DurationMs"]!, CultureInfo.InvariantCulture) > 0);
        Assert.All(
            log.Entries.SelectMany(one => one.Fields.Values.Append(one.Message)),
            text =>
            {
                Assert.DoesNotContain("shop.test", text ?? "", StringComparison.OrdinalIgnoreCase);
                Assert.DoesNotContain("s3cret", text ?? "", StringComparison.OrdinalIgnoreCase);
            }
        );
    }

    [Fact]
    public async Task Whoever_is_known_is_in_it_by_their_id()
    {
        await using var tokens = await TestTokens.StartAsync();
        await using var backend = await Backend.StartAsync("ok");
        await using var gateway = await RunningGateway.StartAsync(
            "Logging:LogLevel:Default=Information",
            $"Identity:Authority={tokens.Authority}",
            $"services:catalog:http:0={backend.Address}"
        );
        using var log = new LogRecorder();
        gateway.Application.Services.GetRequiredService<ILoggerFactory>().AddProvider(log);
        var user = Guid.CreateVersion7();
        gateway.Client.DefaultRequestHeaders.Authorization = tokens.Bearer(user);

        using (await gateway.GetAsync("/api/products")) { }
        await gateway.Application.StopAsync(TestContext.Current.CancellationToken);

        var entry = Assert.Single(log.Entries, one => one.Category.EndsWith("AccessLog", StringComparison.Ordinal));
        Assert.Equal($"{user}", entry.Fields["UserId"]);
    }
}
