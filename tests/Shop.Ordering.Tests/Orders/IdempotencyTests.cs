using System.Net;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting;
using Shop.Ordering.Messages;
using Shop.Ordering.Orders;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Orders;

[Collection<OrderingService>]
public sealed class IdempotencyTests(OrderingFixture fixture)
{
    private readonly OrderingApp _app = fixture.App;
    private readonly Guid _user = Guid.CreateVersion7();

    [Fact]
    public async Task The_same_key_and_body_get_the_same_answer_even_when_the_order_has_moved_on()
    {
        var client = _app.ClientOf(_user);
        var order = Requests.Order((_app.Catalog.Add(9.99m), 2));
        var first = await client.PlaceAsync(order, "key");
        var body = await first.Content.ReadAsStringAsync(TestContext.Current.CancellationToken);
        var id = (await first.JsonAsync()).GetProperty("id").GetGuid();
        await _app.ReceiveAsync(new StockReserved(id));
        await _app.ReceiveAsync(new PaymentSucceeded(id));

        var second = await client.PlaceAsync(order, "key");

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(["true"], second.Headers.GetValues("Idempotency-Replayed"));
        Assert.Equal(body, await second.Content.ReadAsStringAsync(TestContext.Current.CancellationToken));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task White_space_and_member_order_do_not_make_another_body()
    {
        var client = _app.ClientOf(_user);
        var order = Requests.Order((_app.Catalog.Add(1m), 1));
        var first = await client.PlaceAsync(order, "key");
        var payment = order["paymentMethod"]!.DeepClone();
        order.Remove("paymentMethod");
        order.Insert(0, "paymentMethod", payment);

        var second = await client.PlaceAsync(order, "key");

        Assert.Equal(first.Headers.Location, second.Headers.Location);
    }

    [Fact]
    public async Task The_same_key_with_another_body_is_refused()
    {
        var client = _app.ClientOf(_user);
        var product = _app.Catalog.Add(1m);
        await client.PlaceAsync(Requests.Order((product, 1)), "key");

        var response = await client.PlaceAsync(Requests.Order((product, 2)), "key");
        var problem = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        Assert.EndsWith("/idempotency-key-reused", problem.Text("type"), StringComparison.Ordinal);
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task What_was_ordered_is_answered_again_also_when_the_product_is_gone()
    {
        var client = _app.ClientOf(_user);
        var product = _app.Catalog.Add(1m);
        var order = Requests.Order((product, 1));
        var first = await client.PlaceAsync(order, "key");
        _app.Catalog.Remove(product);

        var second = await client.PlaceAsync(order, "key");

        Assert.Equal(HttpStatusCode.Created, second.StatusCode);
        Assert.Equal(first.Headers.Location, second.Headers.Location);
        Assert.Equal(HttpStatusCode.UnprocessableEntity, (await client.PlaceAsync(order, "key-2")).StatusCode);
    }

    [Fact]
    public async Task Orders_that_come_at_once_are_each_stored_once_whatever_keys_they_have()
    {
        var client = _app.ClientOf(_user);
        var order = Requests.Order((_app.Catalog.Add(1m), 1));
        await client.PlaceAsync(order, "key-0");

        // A used key, twins, and others, many of them in one transaction.
        var responses = await Task.WhenAll(
            Enumerable.Range(0, 40).Select(number => client.PlaceAsync(order, $"key-{number / 2}"))
        );

        Assert.All(responses, response => Assert.Equal(HttpStatusCode.Created, response.StatusCode));
        Assert.Equal(20, responses.Select(response => response.Headers.Location).Distinct().Count());
        Assert.Equal(20, await CountAsync());
    }

    [Fact]
    public async Task Two_users_may_use_the_same_key()
    {
        var order = Requests.Order((_app.Catalog.Add(1m), 1));

        var one = await _app.ClientOf(_user).PlaceAsync(order, "shared");
        var other = await _app.ClientOf(Guid.CreateVersion7()).PlaceAsync(order, "shared");

        Assert.Equal(HttpStatusCode.Created, other.StatusCode);
        Assert.NotEqual(one.Headers.Location, other.Headers.Location);
    }

    [Fact]
    public async Task Concurrent_duplicates_make_one_order()
    {
        var client = _app.ClientOf(_user);
        var order = Requests.Order((_app.Catalog.Add(1m), 1));
        var text = order.ToJsonString();

        var responses = await Task.WhenAll(Enumerable.Range(0, 12).Select(_ => client.PlaceAsync(Parse(text), "key")));

        Assert.All(responses, r => Assert.Equal(HttpStatusCode.Created, r.StatusCode));
        Assert.Single(responses.Select(r => r.Headers.Location).Distinct());
        Assert.Single(responses, r => !r.Headers.Contains("Idempotency-Replayed"));
        Assert.Equal(1, await CountAsync());
    }

    [Fact]
    public async Task A_key_that_is_too_long_is_refused()
    {
        var order = Requests.Order((_app.Catalog.Add(1m), 1));

        var response = await _app.ClientOf(_user).PlaceAsync(order, new string('k', 201));
        var problem = await response.JsonAsync();

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.True(problem.GetProperty("errors").TryGetProperty("Idempotency-Key", out _));
    }

    [Fact]
    public async Task Keys_are_forgotten_by_their_age()
    {
        var client = _app.ClientOf(_user);
        var order = Requests.Order((_app.Catalog.Add(1m), 1));
        await client.PlaceAsync(order, "old");
        await client.PlaceAsync(order, "young");
        await _app.InDatabaseAsync(db =>
            db.Database.ExecuteSqlAsync(
                $"UPDATE idempotency_records SET created_at = created_at - interval '4 days' WHERE user_id = {_user} AND key = 'old'"
            )
        );

        var cleanUp = _app.Services.GetServices<IHostedService>().OfType<IdempotencyCleanUp>().Single();
        await cleanUp.CleanUpAsync(TestContext.Current.CancellationToken);

        Assert.Equal(
            ["young"],
            await _app.InDatabaseAsync(db =>
                db.IdempotencyRecords.Where(record => record.UserId == _user).Select(record => record.Key).ToListAsync()
            )
        );
    }

    private static System.Text.Json.Nodes.JsonNode Parse(string json) => System.Text.Json.Nodes.JsonNode.Parse(json)!;

    private Task<int> CountAsync() => _app.InDatabaseAsync(db => db.Orders.CountAsync(order => order.UserId == _user));
}
