using System.Collections.Concurrent;
using System.Diagnostics.Metrics;
using Microsoft.Extensions.DependencyInjection;
using Shop.Ordering.Messages;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Orders;

[Collection<OrderingService>]
public sealed class OrderMetricsTests : IDisposable
{
    private readonly OrderingApp _app;
    private readonly MeterListener _listener = new();
    private readonly ConcurrentQueue<(string Name, double Value, string? Tag)> _measured = new();

    public OrderMetricsTests(OrderingFixture fixture)
    {
        _app = fixture.App;
        var meters = _app.Services.GetRequiredService<IMeterFactory>();
        _listener.InstrumentPublished = (instrument, listener) =>
        {
            if (instrument.Meter.Scope == meters && instrument.Meter.Name == "Shop.Ordering")
            {
                listener.EnableMeasurementEvents(instrument);
            }
        };
        _listener.SetMeasurementEventCallback<long>((i, value, tags, _) => Note(i, value, tags));
        _listener.SetMeasurementEventCallback<double>((i, value, tags, _) => Note(i, value, tags));
        _listener.Start();
    }

    [Fact]
    public async Task A_confirmation_is_counted_once_however_often_it_is_told()
    {
        var id = await PlaceAsync();

        await _app.ReceiveAsync(new StockReserved(id));
        await _app.ReceiveAsync(new PaymentSucceeded(id));
        await _app.ReceiveAsync(new PaymentSucceeded(id));

        Assert.Equal(
            [("shop.orders.placed", null), ("shop.orders.confirmed", null), ("shop.saga.duration", "Confirmed")],
            _measured.Select(measured => (measured.Name, measured.Tag))
        );
    }

    [Fact]
    public async Task A_cancellation_is_counted_by_its_reason()
    {
        var id = await PlaceAsync();

        await _app.ReceiveAsync(new StockReservationFailed(id, []));

        Assert.Equal(
            [
                ("shop.orders.placed", null),
                ("shop.orders.cancelled", "OutOfStock"),
                ("shop.saga.duration", "Cancelled"),
            ],
            _measured.Select(measured => (measured.Name, measured.Tag))
        );
    }

    public void Dispose() => _listener.Dispose();

    private Task<Guid> PlaceAsync() =>
        _app.ClientOf(Guid.CreateVersion7()).PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));

    private void Note(Instrument instrument, double value, ReadOnlySpan<KeyValuePair<string, object?>> tags) =>
        _measured.Enqueue((instrument.Name, value, tags is [var tag, ..] ? $"{tag.Value}" : null));
}
