using Shop.Payments.Messages;
using Shop.Testing;

namespace Shop.Payments.Tests;

/// <summary>The processor as it runs in the service. It polls once an hour here, so only being woken makes it act.</summary>
public sealed class ProcessorTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private PaymentsApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await PaymentsApp.StartAsync(
            infrastructure,
            new("Payments:PollInterval", "01:00:00"),
            new("Payments:MaxConcurrency", "2")
        );
        await _app.Processor.StartAsync(TestContext.Current.CancellationToken);
    }

    public async ValueTask DisposeAsync()
    {
        await _app.Processor.StopAsync(CancellationToken.None);
        await _app.DisposeAsync();
    }

    [Fact]
    public async Task A_commit_wakes_it()
    {
        var order = Guid.CreateVersion7();

        await _app.ProcessAsync(order);

        await UntilRepliedAsync(order, PaymentSucceeded.Type);
    }

    [Fact]
    public async Task A_payment_that_never_gets_an_answer_holds_up_nobody()
    {
        await _app.ProcessAsync(Guid.CreateVersion7(), "pm_card_timeout");
        Guid[] orders = [.. Enumerable.Range(0, 12).Select(_ => Guid.CreateVersion7())];

        await Task.WhenAll(orders.Select(order => _app.ProcessAsync(order)));

        foreach (var order in orders)
        {
            await UntilRepliedAsync(order, PaymentSucceeded.Type);
        }
    }

    [Fact]
    public async Task A_refund_is_made_without_waiting_for_the_poll()
    {
        var order = Guid.CreateVersion7();
        await _app.ProcessAsync(order);
        await UntilRepliedAsync(order, PaymentSucceeded.Type);

        await _app.RefundAsync(order);

        await UntilRepliedAsync(order, PaymentRefunded.Type);
    }

    private Task UntilRepliedAsync(Guid order, string type) =>
        PaymentsApp.UntilAsync(
            $"{type} for order {order}",
            async () => (await _app.RepliesAsync(order)).Contains(type)
        );
}
