using Microsoft.EntityFrameworkCore;
using Shop.Payments.Data;
using Shop.Payments.Domain;
using Shop.Payments.Messages;
using Shop.Payments.Provider.Simulated;
using Shop.Payments.Reconciliation;
using Shop.Testing;

namespace Shop.Payments.Tests;

public sealed class ReconciliationTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private readonly Guid _order = Guid.CreateVersion7();
    private PaymentsApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await PaymentsApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Books_of_payments_that_ended_in_every_way_agree()
    {
        await _app.ProcessAsync(_order);
        await _app.ProcessAsync(Guid.CreateVersion7(), "pm_card_chargeDeclined");
        await _app.ProcessAsync(Guid.CreateVersion7(), "not a token");
        await _app.ProcessAsync(Guid.CreateVersion7(), "pm_card_answerLost");
        await _app.RefundAsync(Guid.CreateVersion7());
        var refunded = Guid.CreateVersion7();
        await _app.ProcessAsync(refunded, amount: 20m);
        await _app.RunLaterAsync();
        await _app.RefundAsync(refunded);
        await _app.RunLaterAsync();

        var (code, text) = await ReconcileLaterAsync();

        Assert.Equal(ReconcileCommand.Agree, code);
        Assert.Contains("Both books agree.", text, StringComparison.Ordinal);
        Assert.Contains("in USD: 99.80 by our books, 99.80 by the provider's", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Empty_books_agree()
    {
        var (code, text) = await ReconcileLaterAsync();

        Assert.Equal(ReconcileCommand.Agree, code);
        Assert.Contains("Compared 0 payments with 0 charges", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_charge_that_is_not_in_our_books_is_told()
    {
        await ChargedAsync();
        await OurBooksAsync($"delete from payments");

        await AssertDifferenceAsync("unknown charge", "Succeeded 49.90 USD");
    }

    [Fact]
    public async Task A_charge_that_the_provider_does_not_know_is_told()
    {
        await ChargedAsync();
        await TheirBooksAsync($"delete from simulated_provider.charges");

        await AssertDifferenceAsync("missing charge", "Succeeded 49.90 USD");
    }

    [Fact]
    public async Task Another_amount_is_told()
    {
        await ChargedAsync();
        await TheirBooksAsync($"update simulated_provider.charges set amount = 49.91");

        await AssertDifferenceAsync("amount", "Succeeded 49.91 USD");
    }

    [Fact]
    public async Task Another_currency_is_told()
    {
        await ChargedAsync();
        await TheirBooksAsync($"update simulated_provider.charges set currency = 'EUR'");

        await AssertDifferenceAsync("amount", "Succeeded 49.90 EUR");
    }

    [Fact]
    public async Task Money_taken_for_a_payment_that_failed_is_told()
    {
        await _app.ProcessAsync(_order, "pm_card_chargeDeclined");
        await _app.RunDueAsync();
        await TheirBooksAsync($"update simulated_provider.charges set status = 'Succeeded'");

        await AssertDifferenceAsync("state", "Failed 49.90 USD");
    }

    [Fact]
    public async Task A_success_of_ours_that_the_provider_denies_is_told()
    {
        await ChargedAsync();
        await TheirBooksAsync($"update simulated_provider.charges set status = 'Failed'");

        await AssertDifferenceAsync("state", "Failed 49.90 USD");
    }

    [Fact]
    public async Task A_refund_that_is_not_in_our_books_is_told()
    {
        await ChargedAsync();
        await TheirBooksAsync(
            $"""
            insert into simulated_provider.refunds (idempotency_key, reference, charge_reference, amount, created_at)
            select 'somebody', 're_1', reference, amount, created_at from simulated_provider.charges
            """
        );

        await AssertDifferenceAsync("unknown refund", "refund 49.90");
    }

    [Fact]
    public async Task A_refund_that_the_provider_does_not_know_is_told()
    {
        await ChargedAsync();
        await _app.RefundAsync(_order);
        await _app.RunDueAsync();
        await TheirBooksAsync($"delete from simulated_provider.refunds");

        await AssertDifferenceAsync("missing refund", "Refunded 49.90 USD, refund 49.90");
    }

    [Fact]
    public async Task A_refund_of_another_amount_is_told()
    {
        await ChargedAsync();
        await _app.RefundAsync(_order);
        await _app.RunDueAsync();
        await TheirBooksAsync($"update simulated_provider.refunds set amount = 1");

        await AssertDifferenceAsync("amount", "refund 1.00");
    }

    [Fact]
    public async Task A_refund_that_does_not_get_done_is_stuck()
    {
        await ChargedAsync();
        await _app.RefundAsync(_order);

        await AssertDifferenceAsync("stuck", "refund 49.90 on its way");
    }

    [Fact]
    public async Task A_payment_that_waits_for_an_answer_too_long_is_stuck()
    {
        await _app.ProcessAsync(_order, "pm_card_timeout");
        var attempt = _app.RunDueAsync();
        await PaymentsApp.UntilAsync("The provider is asked", async () => (await _app.ChargesAsync()).Count == 1);
        _app.Time.Advance(new PaymentsOptions().ProviderTimeout);
        await attempt;

        await AssertDifferenceAsync("stuck", "Pending 49.90 USD");
    }

    [Fact]
    public async Task What_is_younger_than_the_grace_time_is_left_out()
    {
        await _app.ProcessAsync(_order, "pm_card_answerLost");
        await _app.RunDueAsync();

        var (young, text) = await ReconcileAsync();
        var (old, _) = await ReconcileAsync("--grace", "00:00:00");

        Assert.Equal(ReconcileCommand.Agree, young);
        Assert.Contains("1 younger ones left out", text, StringComparison.Ordinal);
        Assert.Equal(ReconcileCommand.Differ, old);
    }

    [Fact]
    public async Task Every_page_of_both_books_is_compared()
    {
        const int Count = (Reconciler.PageSize * 2) + 1;
        await OurBooksAsync(
            $"""
            insert into payments (id, order_id, user_id, amount, currency, status, provider_reference, attempts, created_at, updated_at)
            select gen_random_uuid(), gen_random_uuid(), gen_random_uuid(), 10, 'USD', 'Succeeded', 'ch_' || n, 1, '2025-01-01', '2025-01-01'
            from generate_series(1, {Count}) n
            """
        );
        await TheirBooksAsync(
            $"""
            insert into simulated_provider.charges (idempotency_key, reference, amount, currency, status, attempts, created_at)
            select id::text, provider_reference, 10, 'USD', 'Succeeded', 1, created_at from public.payments
            """
        );
        await OurBooksAsync($"update payments set id = gen_random_uuid() where provider_reference = 'ch_7'");

        var (code, text) = await ReconcileLaterAsync();

        Assert.Equal(ReconcileCommand.Differ, code);
        Assert.Contains("Compared 1,001 payments with 1,001 charges", text, StringComparison.Ordinal);
        Assert.Contains("2 differences: 1 unknown charge, 1 missing charge.", text, StringComparison.Ordinal);
    }

    [Fact]
    public async Task Repair_has_the_provider_asked_again_and_charges_nothing_twice()
    {
        await _app.ProcessAsync(_order, "pm_card_answerLost");
        await _app.RunDueAsync();
        await OurBooksAsync($"update payments set next_attempt_at = null, next_step = null");

        var (code, _) = await ReconcileLaterAsync("--repair");
        await _app.RunDueAsync();
        var (codeAfter, _) = await ReconcileLaterAsync();

        Assert.Equal(ReconcileCommand.Differ, code);
        Assert.Equal(ReconcileCommand.Agree, codeAfter);
        Assert.Equal([PaymentSucceeded.Type], await _app.RepliesAsync(_order));
        Assert.Equal(49.90m, await _app.TakenAsync());
    }

    [Fact]
    public async Task Repair_gives_money_back_that_was_taken_for_a_cancelled_payment()
    {
        await _app.ProcessAsync(_order, "pm_card_answerLost");
        await _app.RunDueAsync();
        await _app.RefundAsync(_order);
        await OurBooksAsync($"update payments set next_attempt_at = null, next_step = null");

        await ReconcileLaterAsync("--repair");
        await _app.RunDueAsync();
        await _app.RunDueAsync();

        Assert.Equal(PaymentStatus.Refunded, (await _app.PaymentAsync(_order)).Status);
        Assert.Equal(0, await _app.TakenAsync());
    }

    [Fact]
    public async Task Without_repair_nothing_is_changed()
    {
        await _app.ProcessAsync(_order, "pm_card_answerLost");
        await _app.RunDueAsync();
        var before = await _app.PaymentAsync(_order);

        await ReconcileLaterAsync();

        Assert.Equal(before.NextAttemptAt, (await _app.PaymentAsync(_order)).NextAttemptAt);
    }

    [Theory]
    [InlineData("--grace")]
    [InlineData("--grace", "soon")]
    [InlineData("--grace", "-00:01:00")]
    [InlineData("--repiar")]
    public async Task Arguments_that_make_no_sense_are_refused(params string[] args)
    {
        var (code, text) = await ReconcileAsync(args);

        Assert.Equal(ReconcileCommand.Failed, code);
        Assert.StartsWith("payments: reconcile: ", text, StringComparison.Ordinal);
    }

    private async Task ChargedAsync()
    {
        await _app.ProcessAsync(_order);
        await _app.RunDueAsync();
    }

    private async Task AssertDifferenceAsync(string kind, string says)
    {
        var (code, text) = await ReconcileLaterAsync();

        Assert.Equal(ReconcileCommand.Differ, code);
        Assert.Contains($"\n{kind} ", text, StringComparison.Ordinal);
        Assert.Contains(says, text, StringComparison.Ordinal);
        Assert.EndsWith($"1 difference: 1 {kind}.", text.TrimEnd(), StringComparison.Ordinal);
    }

    private Task<(int Code, string Text)> ReconcileLaterAsync(params string[] args)
    {
        _app.Time.Advance(new PaymentsOptions().ReconciliationGrace + TimeSpan.FromSeconds(1));
        return ReconcileAsync(args);
    }

    private async Task<(int Code, string Text)> ReconcileAsync(params string[] args)
    {
        await using var text = new StringWriter { NewLine = "\n" };
        var code = await _app.InScopeAsync<ReconcileCommand, int>(command =>
            command.RunAsync(args, text, text, TestContext.Current.CancellationToken)
        );
        return (code, text.ToString());
    }

    private Task<int> OurBooksAsync(FormattableString sql) =>
        _app.InScopeAsync<PaymentsDbContext, int>(db =>
            db.Database.ExecuteSqlAsync(sql, TestContext.Current.CancellationToken)
        );

    private Task<int> TheirBooksAsync(FormattableString sql) =>
        _app.InScopeAsync<SimulatedProviderDbContext, int>(db =>
            db.Database.ExecuteSqlAsync(sql, TestContext.Current.CancellationToken)
        );
}
