using Shop.Messaging;
using Shop.Payments.Domain;
using Shop.Payments.Messages;
using Shop.Payments.Payments;
using Shop.Payments.Processing;
using Shop.Payments.Provider;
using Shop.Testing;

namespace Shop.Payments.Tests;

public sealed class RefundTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private readonly Guid _order = Guid.CreateVersion7();
    private PaymentsApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await PaymentsApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task A_paid_order_gets_its_money_back_once_and_is_told_when_it_is_back()
    {
        await _app.ProcessAsync(_order);
        await _app.RunDueAsync();

        await _app.RefundAsync(_order);
        await _app.RefundAsync(_order);
        Assert.Equal([PaymentSucceeded.Type], await _app.RepliesAsync(_order));
        _app.Time.Advance(TimeSpan.FromSeconds(1));
        await _app.RunDueAsync();

        var reply = (await _app.SentAsync(_order))[^1];
        Assert.Equal(PaymentRefunded.Type, reply.Type);
        Assert.Equal(49.90m, reply.Json.GetProperty("amount").GetDecimal());
        Assert.Equal(PaymentsApp.Customer, reply.Json.GetProperty("userId").GetGuid());
        Assert.Equal(_app.Time.GetUtcNow(), reply.Json.GetProperty("refundedAt").GetDateTimeOffset());
        Assert.Equal(2, (await _app.SentAsync(_order)).Count);
        Assert.Equal(0, await _app.TakenAsync());
        Assert.Equal(PaymentStatus.Refunded, (await _app.PaymentAsync(_order)).Status);
    }

    [Fact]
    public async Task A_refund_asked_again_is_answered_the_same()
    {
        await _app.ProcessAsync(_order);
        await _app.RunDueAsync();
        await _app.RefundAsync(_order);
        await _app.RunDueAsync();

        await _app.RefundAsync(_order);
        await _app.RunLaterAsync();

        var replies = await _app.SentAsync(_order);
        Assert.Equal(3, replies.Count);
        Assert.Equal(replies[1].Body, replies[2].Body);
        Assert.Equal(0, await _app.TakenAsync());
    }

    [Fact]
    public async Task A_payment_that_was_not_tried_yet_is_never_charged()
    {
        await _app.ProcessAsync(_order);

        await _app.RefundAsync(_order);
        await _app.RunLaterAsync();

        var reply = Assert.Single(await _app.SentAsync(_order));
        Assert.Equal(PaymentRefunded.Type, reply.Type);
        Assert.Equal(0, reply.Json.GetProperty("amount").GetDecimal());
        Assert.Equal(PaymentStatus.Cancelled, (await _app.PaymentAsync(_order)).Status);
        Assert.Empty(await _app.ChargesAsync());
    }

    [Fact]
    public async Task A_request_to_pay_that_comes_after_its_refund_is_not_charged()
    {
        await _app.RefundAsync(_order);

        await _app.ProcessAsync(_order);
        await _app.RunLaterAsync();

        Assert.Equal([PaymentRefunded.Type, PaymentRefunded.Type], await _app.RepliesAsync(_order));
        var payment = await _app.PaymentAsync(_order);
        Assert.Equal(PaymentStatus.Cancelled, payment.Status);
        Assert.Equal(PaymentsApp.Customer, payment.UserId);
        Assert.Empty(await _app.ChargesAsync());
    }

    [Fact]
    public async Task A_payment_without_an_answer_is_cancelled_at_the_provider_too()
    {
        await _app.ProcessAsync(_order, "pm_card_timeout");
        var attempt = _app.RunDueAsync();
        await PaymentsApp.UntilAsync("The provider is asked", async () => (await _app.ChargesAsync()).Count == 1);

        await _app.RefundAsync(_order);
        Assert.Equal([PaymentRefunded.Type], await _app.RepliesAsync(_order));
        _app.Time.Advance(new PaymentsOptions().ProviderTimeout);
        await attempt;
        await _app.RunDueAsync();

        Assert.Equal(ChargeStatus.Cancelled, Assert.Single(await _app.ChargesAsync()).Status);
        var payment = await _app.PaymentAsync(_order);
        Assert.Equal((PaymentStatus.Cancelled, null), (payment.Status, payment.NextStep));
        Assert.Single(await _app.RepliesAsync(_order));
    }

    [Fact]
    public async Task A_charge_that_turns_out_to_have_happened_goes_back()
    {
        await _app.ProcessAsync(_order, "pm_card_answerLost");
        await _app.RunDueAsync();
        Assert.Equal(49.90m, await _app.TakenAsync());

        await _app.RefundAsync(_order);
        await _app.RunDueAsync();
        await _app.RunDueAsync();

        Assert.Equal(0, await _app.TakenAsync());
        Assert.Equal(PaymentStatus.Refunded, (await _app.PaymentAsync(_order)).Status);
        Assert.Equal(
            [0m, 49.90m],
            (await _app.SentAsync(_order)).Select(sent => sent.Json.GetProperty("amount").GetDecimal())
        );
    }

    [Fact]
    public async Task A_charge_that_succeeds_while_it_is_being_cancelled_goes_back()
    {
        await _app.ProcessAsync(_order);
        var payment = await ClaimAsync();
        var charge = await _app.Provider.ChargeAsync(
            new ChargeRequest(payment.Id.ToString(), "pm_card_visa", payment.Amount, "USD"),
            TestContext.Current.CancellationToken
        );
        await _app.RefundAsync(_order);

        await StoreAsync(payment.Id, new ProviderAnswer.Charged(charge.Reference));
        await _app.RunDueAsync();
        await StoreAsync(payment.Id, new ProviderAnswer.Charged(charge.Reference));
        await _app.RunLaterAsync();

        Assert.Equal(0, await _app.TakenAsync());
        Assert.Equal(PaymentStatus.Refunded, (await _app.PaymentAsync(_order)).Status);
    }

    [Fact]
    public async Task A_charge_that_arrives_after_its_cancelling_is_not_made_by_the_provider()
    {
        await _app.ProcessAsync(_order);
        var payment = await ClaimAsync();
        await _app.RefundAsync(_order);
        await _app.RunDueAsync();

        var late = await _app.Provider.ChargeAsync(
            new ChargeRequest(payment.Id.ToString(), "pm_card_visa", payment.Amount, "USD"),
            TestContext.Current.CancellationToken
        );

        Assert.Equal(ChargeStatus.Cancelled, late.Status);
        Assert.Equal(0, await _app.TakenAsync());
    }

    [Fact]
    public async Task A_charge_without_an_answer_does_not_put_off_its_cancelling()
    {
        await _app.ProcessAsync(_order);
        var charge = await ClaimAsync();
        await _app.RefundAsync(_order);

        await _app.InScopeAsync<PaymentOutcomes, int>(async outcomes =>
        {
            await outcomes.PutOffAsync(charge, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
            return 0;
        });

        Assert.Equal(ProviderStep.Cancel, (await ClaimAsync()).NextStep);
    }

    [Fact]
    public async Task An_older_attempt_does_not_put_off_a_newer_one()
    {
        await _app.ProcessAsync(_order);
        var older = await ClaimAsync();
        await _app.RefundAsync(_order);
        var newer = await ClaimAsync();

        await _app.InScopeAsync<PaymentOutcomes, int>(async outcomes =>
        {
            await outcomes.PutOffAsync(older, TimeSpan.FromHours(1), TestContext.Current.CancellationToken);
            return 0;
        });

        Assert.Equal(newer.NextAttemptAt, (await _app.PaymentAsync(_order)).NextAttemptAt);
    }

    [Fact]
    public async Task A_failed_payment_has_nothing_to_give_back_and_says_so()
    {
        await _app.ProcessAsync(_order, "pm_card_chargeDeclined");
        await _app.RunDueAsync();

        await _app.RefundAsync(_order);

        Assert.Equal([PaymentFailed.Type, PaymentRefunded.Type], await _app.RepliesAsync(_order));
        Assert.Equal(PaymentStatus.Failed, (await _app.PaymentAsync(_order)).Status);
    }

    [Fact]
    public async Task A_reason_with_a_card_number_is_poison()
    {
        var rejected = await Assert.ThrowsAsync<MessageRejectedException>(() =>
            _app.HandleAsync<RefundPaymentHandler, RefundPayment>(
                new RefundPayment(_order, "wrong card 4242424242424242")
            )
        );

        Assert.Equal("CardData", rejected.Reason);
        Assert.Equal(0, await _app.CountPaymentsAsync());
    }

    private async Task<Payment> ClaimAsync() =>
        Assert.Single(
            await _app.InScopeAsync<PaymentClaims, List<Payment>>(claims =>
                claims.TakeAsync(1, TestContext.Current.CancellationToken)
            )
        );

    private Task<int> StoreAsync(Guid paymentId, ProviderAnswer answer) =>
        _app.InScopeAsync<PaymentOutcomes, int>(async outcomes =>
        {
            await outcomes.StoreAsync(paymentId, answer, TestContext.Current.CancellationToken);
            return 0;
        });
}
