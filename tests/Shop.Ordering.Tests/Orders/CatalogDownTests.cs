using System.Net;
using Shop.Ordering.Tests.Support;
using Shop.Testing;

namespace Shop.Ordering.Tests.Orders;

/// <summary>On a service of its own: Catalog's failure would open the circuit breaker for the other tests.</summary>
public sealed class CatalogDownTests(InfrastructureFixture infrastructure)
{
    [Fact]
    public async Task Without_Catalog_nothing_is_ordered_and_the_client_is_told_when_to_retry()
    {
        await using var app = await OrderingApp.StartAsync(await infrastructure.CreateDatabaseAsync());
        var client = app.ClientOf(Guid.CreateVersion7());
        var order = Requests.Order((app.Catalog.Add(1m), 1));
        app.Catalog.IsDown = true;

        var response = await client.PlaceAsync(order, "key-1");

        Assert.Equal(HttpStatusCode.ServiceUnavailable, response.StatusCode);
        Assert.Equal(TimeSpan.FromSeconds(5), response.Headers.RetryAfter?.Delta);
        var problem = await response.JsonAsync();
        Assert.EndsWith("/catalog-unavailable", problem.Text("type"), StringComparison.Ordinal);

        app.Catalog.IsDown = false;
        Assert.Equal(HttpStatusCode.Created, (await client.PlaceAsync(order, "key-1")).StatusCode);

        // What was ordered is known without Catalog.
        app.Catalog.IsDown = true;
        var again = await client.PlaceAsync(order, "key-1");
        Assert.Equal(HttpStatusCode.Created, again.StatusCode);
        Assert.Equal(["true"], again.Headers.GetValues("Idempotency-Replayed"));
    }
}
