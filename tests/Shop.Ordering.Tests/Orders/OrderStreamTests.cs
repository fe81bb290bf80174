using System.Net.ServerSentEvents;
using System.Security.Claims;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Hosting.Internal;
using Microsoft.Extensions.Logging.Abstractions;
using Microsoft.Extensions.Time.Testing;
using Shop.Ordering.Orders;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Orders;

/// <summary>The times of a stream, by a clock of the test's.</summary>
[Collection<OrderingService>]
public sealed class OrderStreamTests(OrderingFixture fixture) : IAsyncLifetime
{
    private readonly OrderingApp _app = fixture.App;
    private readonly FakeTimeProvider _time = new();
    private readonly ApplicationLifetime _lifetime = new(NullLogger<ApplicationLifetime>.Instance);
    private IAsyncEnumerator<SseItem<OrderUpdate>> _events = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        var user = Guid.CreateVersion7();
        var id = await _app.ClientOf(user).PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));
        var stream = new OrderStream(
            _app.Services.GetRequiredService<IServiceScopeFactory>(),
            _app.Services.GetRequiredService<OrderSignals>(),
            _lifetime,
            _time,
            NullLogger<OrderStream>.Instance
        );
        var principal = new ClaimsPrincipal(new ClaimsIdentity([new Claim("sub", user.ToString())]));
        _events = stream.WatchAsync(id, principal, Cancel).GetAsyncEnumerator(Cancel);
        Assert.True(await _events.MoveNextAsync());
        Assert.Equal("order", _events.Current.EventType);
    }

    public ValueTask DisposeAsync() => _events.DisposeAsync();

    [Fact]
    public async Task A_stream_of_which_nothing_is_to_be_told_has_a_heartbeat_every_15_seconds_and_ends_after_5_minutes()
    {
        var begun = _time.GetUtcNow();
        var heartbeats = 0;
        while (await NextAsync())
        {
            Assert.Equal("heartbeat", _events.Current.EventType);
            heartbeats++;
        }

        // The clock goes in steps of the poll, so each is up to a step late.
        Assert.InRange(heartbeats, 15, 20);
        Assert.InRange(_time.GetUtcNow() - begun, TimeSpan.FromMinutes(5), TimeSpan.FromSeconds(310));
    }

    [Fact]
    public async Task A_process_that_stops_ends_its_streams()
    {
        var next = _events.MoveNextAsync().AsTask();

        _lifetime.StopApplication();

        Assert.False(await next.WaitAsync(TimeSpan.FromSeconds(20), Cancel));
    }

    private async Task<bool> NextAsync()
    {
        var next = _events.MoveNextAsync().AsTask();
        while (!next.IsCompleted)
        {
            await Task.WhenAny(next, Task.Delay(20, Cancel));
            if (!next.IsCompleted)
            {
                _time.Advance(OrderStream.PollInterval);
            }
        }

        return await next;
    }
}
