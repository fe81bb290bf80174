using Microsoft.Extensions.Time.Testing;
using Shop.Ordering.Messages;
using Shop.Ordering.Saga;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Saga;

[Collection<OrderingService>]
public sealed class StuckSagasTests(OrderingFixture fixture)
{
    private readonly OrderingApp _app = fixture.App;

    [Fact]
    public async Task Only_sagas_whose_answer_is_overdue_are_stuck_and_the_longest_stuck_come_first()
    {
        var unpaid = await PlaceAsync(new StockReserved(Guid.Empty));
        var uncommitted = await PlaceAsync(new StockReserved(Guid.Empty), new PaymentSucceeded(Guid.Empty));
        var shippable = await PlaceAsync(
            new StockReserved(Guid.Empty),
            new PaymentSucceeded(Guid.Empty),
            new StockCommitted(Guid.Empty)
        );
        var cancelled = await PlaceAsync(new StockReservationFailed(Guid.Empty, []));
        Guid[] all = [unpaid, uncommitted, shippable, cancelled];
        // The confirmation was a moment ago, and the payment's deadline is yet to come.
        var now = DateTimeOffset.UtcNow;

        Assert.Empty(await StuckAsync(now, all));
        var stuck = await StuckAsync(now + TimeSpan.FromMinutes(5), all);

        Assert.Equal([(uncommitted, StepName.Confirm), (unpaid, StepName.ProcessPayment)], stuck);
    }

    private Task<List<(Guid, StepName)>> StuckAsync(DateTimeOffset now, Guid[] among) =>
        _app.InDatabaseAsync(async db =>
        {
            var sagas = new StuckSagas(db, new FakeTimeProvider(now));
            var stuck = await sagas.ListAsync(10_000, CancellationToken.None);
            Assert.Equal(stuck.Count, await sagas.CountAsync(CancellationToken.None));
            return stuck.Where(saga => among.Contains(saga.OrderId)).Select(saga => (saga.OrderId, saga.Step)).ToList();
        });

    private async Task<Guid> PlaceAsync(params ISagaReply[] replies)
    {
        var id = await _app.ClientOf(Guid.CreateVersion7()).PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));
        foreach (var reply in replies)
        {
            await (
                reply switch
                {
                    StockReserved => _app.ReceiveAsync(new StockReserved(id)),
                    PaymentSucceeded => _app.ReceiveAsync(new PaymentSucceeded(id)),
                    StockCommitted => _app.ReceiveAsync(new StockCommitted(id)),
                    _ => _app.ReceiveAsync(new StockReservationFailed(id, [])),
                }
            );
        }

        await _app.ProjectAsync(id);
        return id;
    }
}
