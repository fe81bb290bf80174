using Microsoft.Extensions.DependencyInjection;
using Shop.Ordering.Saga;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Orders;

/// <summary>What becomes of the money and the stock of an order that a restored database does not have.</summary>
[Collection<OrderingService>]
public sealed class LostOrderTests(OrderingFixture fixture)
{
    private readonly OrderingApp _app = fixture.App;

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task An_order_that_was_lost_is_refunded_and_its_stock_released_as_often_as_it_is_asked(int times)
    {
        var id = Guid.CreateVersion7();

        for (var time = 0; time < times; time++)
        {
            Assert.Equal(0, await RunAsync(id.ToString(), "--Some:Setting=1"));
        }

        var types = (await _app.SentAsync(id)).Select(message => message.Type).ToList();
        Assert.Equal(times, types.Count(type => type == "shop.payments.refund-payment.v1"));
        Assert.Equal(times, types.Count(type => type == "shop.inventory.release-stock.v1"));
    }

    [Fact]
    public async Task An_order_that_is_there_is_left_to_its_cancellation()
    {
        var id = await _app.ClientOf(Guid.CreateVersion7()).PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));
        var before = await _app.SentAsync(id);

        Assert.Equal(1, await RunAsync(id.ToString()));

        Assert.Equal(before.Count, (await _app.SentAsync(id)).Count);
    }

    [Theory]
    [InlineData]
    [InlineData("all")]
    [InlineData("01900000-0000-7000-8000-000000000001", "01900000-0000-7000-8000-000000000002")]
    public async Task Whoever_does_not_say_which_order_is_told_so(params string[] args) =>
        Assert.Equal(1, await RunAsync(args));

    private async Task<int> RunAsync(params string[] args)
    {
        await using var scope = _app.Services.CreateAsyncScope();
        return await LostOrderVerb.RunAsync(scope.ServiceProvider, args, TestContext.Current.CancellationToken);
    }
}
