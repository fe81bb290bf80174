using Shop.Billing.Invoices;
using Shop.Testing;

namespace Shop.Billing.Tests;

public sealed class NumberingTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private BillingApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await BillingApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Handlers_at_the_same_time_leave_no_number_out_and_give_none_twice()
    {
        Guid[] orders = [.. Enumerable.Range(0, 60).Select(_ => Guid.CreateVersion7())];

        // Every order is delivered twice, and every fifth handling fails before its commit.
        await Parallel.ForEachAsync(
            orders.Concat(orders).Select((order, i) => (order, fails: i % 5 == 0)),
            new ParallelOptions { MaxDegreeOfParallelism = 20 },
            async (one, _) =>
                await _app.HandleAsync<IssueInvoiceHandler, OrderConfirmed>(Orders.Confirmed(one.order), one.fails)
        );
        foreach (var order in orders)
        {
            await _app.ConfirmedAsync(Orders.Confirmed(order));
        }

        Assert.Equal(Numbers("2026", 60), await _app.InvoiceNumbersAsync());
    }

    [Fact]
    public async Task A_handler_that_dies_before_its_commit_leaves_no_gap()
    {
        await _app.ConfirmedAsync(Orders.Confirmed(Guid.CreateVersion7()));
        await _app.HandleAsync<IssueInvoiceHandler, OrderConfirmed>(
            Orders.Confirmed(Guid.CreateVersion7()),
            fails: true
        );

        await _app.ConfirmedAsync(Orders.Confirmed(Guid.CreateVersion7()));

        Assert.Equal(Numbers("2026", 2), await _app.InvoiceNumbersAsync());
    }

    [Fact]
    public async Task Each_year_begins_with_1()
    {
        await _app.ConfirmedAsync(Orders.Confirmed(Guid.CreateVersion7()));
        _app.Time.SetUtcNow(new DateTimeOffset(2026, 12, 31, 23, 59, 59, TimeSpan.Zero));
        await _app.ConfirmedAsync(Orders.Confirmed(Guid.CreateVersion7()));
        _app.Time.Advance(TimeSpan.FromSeconds(1));
        await _app.ConfirmedAsync(Orders.Confirmed(Guid.CreateVersion7()));

        Assert.Equal(["2026-000001", "2026-000002", "2027-000001"], await _app.InvoiceNumbersAsync());
    }

    [Fact]
    public async Task The_same_order_at_the_same_time_gets_one_invoice()
    {
        var order = Guid.CreateVersion7();

        await Parallel.ForEachAsync(
            Enumerable.Range(0, 20),
            new ParallelOptions { MaxDegreeOfParallelism = 20 },
            async (_, _) => await _app.ConfirmedAsync(Orders.Confirmed(order))
        );

        Assert.Equal(Numbers("2026", 1), await _app.InvoiceNumbersAsync());
    }

    [Fact]
    public async Task Credit_notes_at_the_same_time_leave_no_number_out()
    {
        Guid[] orders = [.. Enumerable.Range(0, 20).Select(_ => Guid.CreateVersion7())];

        await Parallel.ForEachAsync(
            orders,
            new ParallelOptions { MaxDegreeOfParallelism = 10 },
            async (order, _) =>
            {
                await _app.ConfirmedAsync(Orders.Confirmed(order));
                await Task.WhenAll(_app.PaidAsync(order), _app.RefundedAsync(order), _app.CancelledAsync(order));
            }
        );

        var numbers = new List<string>();
        foreach (var order in orders)
        {
            numbers.Add((await _app.InvoiceAsync(order)).CreditNote!.Number);
        }
        Assert.Equal(Numbers("CN-2026", 20), numbers.Order(StringComparer.Ordinal));
    }

    private static IEnumerable<string> Numbers(string series, int count) =>
        Enumerable.Range(1, count).Select(number => $"{series}-{number:000000}");
}
