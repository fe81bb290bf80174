using Shop.Payments.Domain;
using Shop.Payments.Messages;
using Shop.Payments.Processing;
using Shop.Payments.Provider;
using Shop.Testing;

namespace Shop.Payments.Tests;

/// <summary>The process dies; what it has not committed is lost, and another one goes on.</summary>
public sealed class CrashTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private static readonly PaymentsOptions Options = new();

    private readonly Guid _order = Guid.CreateVersion7();
    private PaymentsApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await PaymentsApp.StartAsync(infrastructure);
        await _app.ProcessAsync(_order);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task After_the_intent_was_committed_the_next_process_charges()
    {
        await _app.RunDueAsync();

        Assert.Equal([PaymentSucceeded.Type], await _app.RepliesAsync(_order));
    }

    [Fact]
    public async Task After_the_claim_nobody_else_charges_until_the_lease_ends_and_then_once()
    {
        Assert.Single(await ClaimAsync());

        _app.Time.Advance(Options.Lease - TimeSpan.FromSeconds(1));
        await _app.RunDueAsync();
        Assert.Equal(0, await _app.TakenAsync());

        _app.Time.Advance(TimeSpan.FromSeconds(1));
        await _app.RunDueAsync();
        Assert.Equal(49.90m, await _app.TakenAsync());
        Assert.Equal([PaymentSucceeded.Type], await _app.RepliesAsync(_order));
    }

    [Fact]
    public async Task After_the_charge_its_outcome_is_learned_and_nothing_is_charged_twice()
    {
        var payment = Assert.Single(await ClaimAsync());
        await ChargeAsync(payment);

        await _app.RunLaterAsync();

        Assert.Equal([PaymentSucceeded.Type], await _app.RepliesAsync(_order));
        Assert.Equal(49.90m, await _app.TakenAsync());
    }

    [Fact]
    public async Task After_the_refund_at_the_provider_it_is_completed_and_not_made_twice()
    {
        await _app.RunDueAsync();
        await _app.RefundAsync(_order);
        Assert.Single(await ClaimAsync());
        var payment = await _app.PaymentAsync(_order);
        await _app.Provider.RefundAsync(
            new RefundRequest(payment.Refund!.Id.ToString(), payment.ProviderReference!, payment.Amount, "USD"),
            TestContext.Current.CancellationToken
        );

        await _app.RunLaterAsync();

        Assert.Equal(PaymentStatus.Refunded, (await _app.PaymentAsync(_order)).Status);
        Assert.Equal(0, await _app.TakenAsync());
    }

    [Fact]
    public async Task Two_processes_never_claim_the_same_payment()
    {
        for (var i = 0; i < 40; i++)
        {
            await _app.ProcessAsync(Guid.CreateVersion7());
        }

        var claims = await Task.WhenAll(Enumerable.Range(0, 8).Select(_ => ClaimAsync(limit: 10)));

        var ids = claims.SelectMany(claim => claim.Select(payment => payment.Id)).ToList();
        Assert.Equal(ids.Count, ids.Distinct().Count());
    }

    [Fact]
    public async Task An_attempt_that_is_stopped_is_handed_back_at_once()
    {
        var order = Guid.CreateVersion7();
        await _app.RunDueAsync();
        await _app.ProcessAsync(order, "pm_card_timeout");
        using var stopping = new CancellationTokenSource();
        var attempt = _app.Processor.RunDueAsync(stopping.Token);
        await PaymentsApp.UntilAsync("The provider is asked", async () => (await _app.ChargesAsync()).Count == 2);

        await stopping.CancelAsync();
        await attempt;

        Assert.Equal(_app.Time.GetUtcNow(), (await _app.PaymentAsync(order)).NextAttemptAt);
    }

    private Task<List<Payment>> ClaimAsync(int limit = 1) =>
        _app.InScopeAsync<PaymentClaims, List<Payment>>(claims =>
            claims.TakeAsync(limit, TestContext.Current.CancellationToken)
        );

    private Task<ChargeResult> ChargeAsync(Payment payment) =>
        _app.Provider.ChargeAsync(
            new ChargeRequest(payment.Id.ToString(), payment.PaymentMethod!, payment.Amount, payment.Currency!),
            TestContext.Current.CancellationToken
        );
}
