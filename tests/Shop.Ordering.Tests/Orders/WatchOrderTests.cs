using System.Net;
using System.Net.ServerSentEvents;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Time.Testing;
using Shop.Ordering.Messages;
using Shop.Ordering.Orders;
using Shop.Ordering.Tests.Support;
using Shop.ServiceDefaults.Data;

namespace Shop.Ordering.Tests.Orders;

/// <summary>A page follows an order without asking again and again.</summary>
[Collection<OrderingService>]
public sealed class WatchOrderTests(OrderingFixture fixture)
{
    private static readonly TimeSpan Soon = TimeSpan.FromSeconds(20);

    private readonly OrderingApp _app = fixture.App;
    private readonly Guid _user = Guid.CreateVersion7();

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_order_is_followed_from_where_it_stands_to_its_end()
    {
        var id = await PlaceAsync();
        await using var events = await OpenAsync(_app.ClientOf(_user), id);

        var first = await events.NextAsync();
        await _app.ReceiveAsync(new StockReserved(id));
        await _app.ReceiveAsync(new PaymentFailed(id, "card_declined", "The card was declined."));
        await _app.ReceiveAsync(new StockReleased(id));
        var rest = await events.RestAsync();

        Assert.Equal(
            ("order", "Pending", "ReserveStock"),
            (first.Type, first.Data.Text("status"), first.Data.Text("step"))
        );
        Assert.False(first.Data.GetProperty("isFinal").GetBoolean());
        Assert.NotEmpty(first.Data.Text("text"));
        Assert.True(first.Data.GetProperty("at").TryGetDateTimeOffset(out _));
        Assert.All(rest[..^1], line => Assert.False(line.Data.GetProperty("isFinal").GetBoolean()));
        Assert.True(rest[^1].Data.GetProperty("isFinal").GetBoolean());
        Assert.Equal("Cancelled", rest[^1].Data.Text("status"));
        var timeline = await _app.ClientOf(_user).GetJsonAsync($"/api/orders/{id}/timeline");
        Assert.Equal(
            timeline.GetProperty("items").EnumerateArray().Select(line => line.Text("text")).Skip(1),
            rest.Prepend(first).Select(line => line.Data.Text("text"))
        );
    }

    [Fact]
    public async Task A_client_that_has_the_end_is_not_sent_it_again()
    {
        var id = await PlaceAsync();
        using var cancelled = await _app.ClientOf(_user)
            .PostAsync(new Uri($"/api/orders/{id}/cancel", UriKind.Relative), null, Cancel);
        await _app.ReceiveAsync(new StockReleased(id));
        await using var events = await OpenAsync(_app.ClientOf(_user), id);
        var last = Assert.Single(await events.RestAsync());

        using var again = new HttpRequestMessage(HttpMethod.Get, $"/api/orders/{id}/events");
        again.Headers.Add("Last-Event-ID", last.Id);
        using var response = await _app.ClientOf(_user).SendAsync(again, Cancel);

        Assert.Equal(HttpStatusCode.NoContent, response.StatusCode);
    }

    [Fact]
    public async Task A_commit_of_this_process_is_told_at_once_and_not_before_it()
    {
        var watch = _app.Services.GetRequiredService<OrderSignals>();
        var id = await PlaceAsync();
        using var watcher = watch.Subscribe(id);
        var time = new FakeTimeProvider();
        var woken = watcher.WaitAsync(TimeSpan.FromMinutes(1), time, Cancel);

        await _app.InDatabaseAsync(async db =>
        {
            await db.InTransactionAsync(
                async () =>
                {
                    var saga = await db.Sagas.Include(one => one.Order).SingleAsync(one => one.OrderId == id, Cancel);
                    saga.Record(time.GetUtcNow(), saga.Step, Shop.Ordering.Saga.SagaEntryKind.Ignored, "A line.");
                    await db.SaveChangesAsync(Cancel);
                    db.ChangeTracker.Clear();
                    Assert.False(woken.IsCompleted);
                    return true;
                },
                Cancel
            );
        });

        await woken.WaitAsync(Soon, Cancel);
    }

    [Fact]
    public async Task What_another_replica_changes_is_found_by_the_poll()
    {
        var id = await PlaceAsync();
        await using var events = await OpenAsync(_app.ClientOf(_user), id);
        await events.NextAsync();

        await _app.InDatabaseAsync(db =>
            db.Database.ExecuteSqlAsync(
                $$"""
                UPDATE order_sagas SET timeline = (timeline::jsonb || '[{"at":"2026-12-01T00:00:00Z","step":"ReserveStock","kind":"Ignored","text":"From elsewhere."}]'::jsonb)::json
                WHERE order_id = {{id}}
                """
            )
        );

        Assert.Equal("From elsewhere.", (await events.NextAsync()).Data.Text("text"));
    }

    [Fact]
    public async Task Somebody_elses_order_looks_like_none_except_to_staff()
    {
        var id = await PlaceAsync();

        using var stranger = await SendAsync(_app.ClientOf(Guid.CreateVersion7()), id);
        using var unknown = await SendAsync(_app.ClientOf(_user), Guid.CreateVersion7());
        using var staff = await SendAsync(_app.ClientOf(Guid.CreateVersion7(), "operator"), id);

        Assert.Equal(HttpStatusCode.NotFound, stranger.StatusCode);
        Assert.Equal(HttpStatusCode.NotFound, unknown.StatusCode);
        Assert.Equal(HttpStatusCode.OK, staff.StatusCode);
        Assert.Equal("text/event-stream", staff.Content.Headers.ContentType?.MediaType);
    }

    [Fact]
    public async Task A_user_has_five_streams_at_once_and_gets_one_back_when_one_ends()
    {
        var id = await PlaceAsync();
        var client = _app.ClientOf(_user);
        var open = await Task.WhenAll(Enumerable.Range(0, 5).Select(_ => SendAsync(client, id)));

        using var sixth = await SendAsync(client, id);
        using var somebodyElse = await SendAsync(_app.ClientOf(Guid.CreateVersion7(), "operator"), id);
        open[0].Dispose();

        Assert.All(open, one => Assert.Equal(HttpStatusCode.OK, one.StatusCode));
        Assert.Equal(HttpStatusCode.TooManyRequests, sixth.StatusCode);
        Assert.EndsWith("/too-many-streams", (await sixth.JsonAsync()).Text("type"), StringComparison.Ordinal);
        Assert.NotNull(sixth.Headers.RetryAfter);
        Assert.Equal(HttpStatusCode.OK, somebodyElse.StatusCode);
        using var limit = CancellationTokenSource.CreateLinkedTokenSource(Cancel);
        limit.CancelAfter(Soon);
        while (true)
        {
            using var next = await SendAsync(client, id);
            if (next.StatusCode == HttpStatusCode.OK)
            {
                break;
            }

            await Task.Delay(50, limit.Token);
        }

        Array.ForEach(open, one => one.Dispose());
    }

    private Task<Guid> PlaceAsync() => _app.ClientOf(_user).PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));

    private static Task<HttpResponseMessage> SendAsync(HttpClient client, Guid id) =>
        client.GetAsync(
            new Uri($"/api/orders/{id}/events", UriKind.Relative),
            HttpCompletionOption.ResponseHeadersRead,
            Cancel
        );

    private static async Task<Events> OpenAsync(HttpClient client, Guid id) =>
        await Events.OfAsync(await SendAsync(client, id));

    private sealed record Event(string Type, string Id, JsonElement Data);

    /// <summary>What a browser's <c>EventSource</c> gets.</summary>
    private sealed class Events(HttpResponseMessage response, IAsyncEnumerator<SseItem<string>> items)
        : IAsyncDisposable
    {
        public static async Task<Events> OfAsync(HttpResponseMessage response)
        {
            Assert.Equal(HttpStatusCode.OK, response.StatusCode);
            var parser = SseParser.Create(await response.Content.ReadAsStreamAsync(Cancel));
            return new Events(response, parser.EnumerateAsync(Cancel).GetAsyncEnumerator(Cancel));
        }

        public async Task<Event> NextAsync()
        {
            Assert.True(await items.MoveNextAsync().AsTask().WaitAsync(Soon, Cancel), "The stream has ended.");
            return Read();
        }

        public async Task<List<Event>> RestAsync()
        {
            List<Event> rest = [];
            while (await items.MoveNextAsync().AsTask().WaitAsync(Soon, Cancel))
            {
                rest.Add(Read());
            }

            return rest;
        }

        public async ValueTask DisposeAsync()
        {
            response.Dispose();
            await items.DisposeAsync();
        }

        private Event Read() =>
            new(items.Current.EventType, items.Current.EventId ?? "", JsonElement.Parse(items.Current.Data));
    }
}
