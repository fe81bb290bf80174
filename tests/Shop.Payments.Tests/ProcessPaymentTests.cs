using System.Text.Json;
using Shop.Messaging;
using Shop.Payments.Domain;
using Shop.Payments.Messages;
using Shop.Payments.Payments;
using Shop.Payments.Provider;
using Shop.Testing;

namespace Shop.Payments.Tests;

public sealed class ProcessPaymentTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string CardNumber = "4242 4242 4242 4242";

    private readonly Guid _order = Guid.CreateVersion7();
    private PaymentsApp _app = null!;

    public async ValueTask InitializeAsync() => _app = await PaymentsApp.StartAsync(infrastructure);

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task The_message_only_writes_the_intent_down()
    {
        await _app.ProcessAsync(_order);

        Assert.Equal(PaymentStatus.Pending, (await _app.PaymentAsync(_order)).Status);
        Assert.Empty(await _app.ChargesAsync());
        Assert.Empty(await _app.RepliesAsync(_order));
    }

    [Theory]
    [InlineData("pm_card_visa")]
    [InlineData("pm_card_mastercard")]
    public async Task A_good_card_is_charged_and_the_order_is_told(string paymentMethod)
    {
        await _app.ProcessAsync(_order, paymentMethod, 49.90m);

        await _app.RunDueAsync();

        var payment = await _app.PaymentAsync(_order);
        Assert.Equal(PaymentStatus.Succeeded, payment.Status);
        Assert.Equal(49.90m, await _app.TakenAsync());
        var reply = Assert.Single(await _app.SentAsync(_order));
        Assert.Equal(PaymentSucceeded.Type, reply.Type);
        Assert.Equal(_order, reply.Json.GetProperty("orderId").GetGuid());
        Assert.Equal(payment.Id, reply.Json.GetProperty("paymentId").GetGuid());
        Assert.Equal(49.90m, reply.Json.GetProperty("amount").GetDecimal());
        Assert.Equal("USD", reply.Json.GetProperty("currency").GetString());
        Assert.Equal(PaymentsApp.Customer, reply.Json.GetProperty("userId").GetGuid());
        Assert.Equal(_app.Time.GetUtcNow(), reply.Json.GetProperty("paidAt").GetDateTimeOffset());
    }

    [Theory]
    [InlineData("pm_card_chargeDeclined", "card_declined")]
    [InlineData("pm_card_chargeDeclinedInsufficientFunds", "insufficient_funds")]
    [InlineData("pm_card_nobody_knows", "invalid_payment_method")]
    [InlineData("not a token", "invalid_payment_method")]
    public async Task A_bad_card_fails_with_its_code(string paymentMethod, string code)
    {
        await _app.ProcessAsync(_order, paymentMethod);

        await _app.RunDueAsync();

        var reply = Assert.Single(await _app.SentAsync(_order));
        Assert.Equal(PaymentFailed.Type, reply.Type);
        Assert.Equal(code, reply.Json.GetProperty("code").GetString());
        Assert.Equal(0, await _app.TakenAsync());
        Assert.Equal(PaymentStatus.Failed, (await _app.PaymentAsync(_order)).Status);
    }

    [Fact]
    public async Task What_is_no_token_is_not_written_down()
    {
        await _app.ProcessAsync(_order, "my card");

        Assert.Null((await _app.PaymentAsync(_order)).PaymentMethod);
    }

    [Fact]
    public async Task A_repeated_message_is_charged_once_and_answered_the_same()
    {
        await _app.ProcessAsync(_order);
        await _app.ProcessAsync(_order);
        await _app.RunDueAsync();

        await _app.ProcessAsync(_order);
        await _app.RunLaterAsync();

        Assert.Equal(49.90m, await _app.TakenAsync());
        var replies = await _app.SentAsync(_order);
        Assert.Equal(2, replies.Count);
        Assert.Equal(replies[0].Body, replies[1].Body);
    }

    [Fact]
    public async Task The_same_message_delivered_many_times_at_once_is_charged_once()
    {
        await Parallel.ForEachAsync(
            Enumerable.Range(0, 20),
            new ParallelOptions { MaxDegreeOfParallelism = 20 },
            async (_, _) =>
            {
                await _app.ProcessAsync(_order);
                await _app.InScopeAsync<Processing.PaymentClaims, int>(async claims =>
                {
                    var attempt = await claims.TakeAsync(10, TestContext.Current.CancellationToken);
                    return attempt.Count;
                });
            }
        );

        await _app.RunLaterAsync();

        Assert.Equal(1, await _app.CountPaymentsAsync());
        Assert.Equal(49.90m, await _app.TakenAsync());
    }

    [Fact]
    public async Task An_answer_that_got_lost_is_found_with_the_same_key()
    {
        await _app.ProcessAsync(_order, "pm_card_answerLost");
        await _app.RunDueAsync();
        Assert.Equal(PaymentStatus.Pending, (await _app.PaymentAsync(_order)).Status);
        Assert.Equal(49.90m, await _app.TakenAsync());

        await _app.RunLaterAsync();

        Assert.Equal([PaymentSucceeded.Type], await _app.RepliesAsync(_order));
        Assert.Equal(49.90m, await _app.TakenAsync());
    }

    [Fact]
    public async Task A_provider_that_is_out_of_order_is_asked_again()
    {
        await _app.ProcessAsync(_order, "pm_card_failsThenSucceeds");
        await _app.RunDueAsync();
        Assert.Empty(await _app.RepliesAsync(_order));

        await _app.RunLaterAsync();

        Assert.Equal([PaymentSucceeded.Type], await _app.RepliesAsync(_order));
    }

    [Fact]
    public async Task As_long_as_the_provider_does_not_answer_nothing_is_told()
    {
        await _app.ProcessAsync(_order, "pm_card_timeout");

        var attempt = _app.RunDueAsync();
        await PaymentsApp.UntilAsync("The provider is asked", async () => (await _app.ChargesAsync()).Count == 1);
        _app.Time.Advance(new PaymentsOptions().ProviderTimeout);
        await attempt;

        var payment = await _app.PaymentAsync(_order);
        Assert.Equal(PaymentStatus.Pending, payment.Status);
        Assert.True(payment.NextAttemptAt > _app.Time.GetUtcNow(), "It is asked again later.");
        Assert.Empty(await _app.RepliesAsync(_order));
    }

    [Theory]
    [InlineData(0)]
    [InlineData(-1)]
    [InlineData(1.005)]
    [InlineData(2_000_000_000)]
    public async Task An_impossible_amount_is_poison(decimal amount)
    {
        var rejected = await Assert.ThrowsAsync<MessageRejectedException>(() =>
            _app.ProcessAsync(_order, amount: amount)
        );

        Assert.Equal("InvalidCommand", rejected.Reason);
        Assert.Equal(0, await _app.CountPaymentsAsync());
    }

    [Theory]
    [InlineData($$"""{ "paymentMethod": "{{CardNumber}}" }""")]
    [InlineData("""{ "paymentMethod": "pm_card_visa", "cvv": "123" }""")]
    [InlineData("""{ "paymentMethod": "pm_card_visa", "card": { "security_code": 123 } }""")]
    [InlineData("""{ "paymentMethod": "pm_card_visa", "notes": ["5555-5555-5555-4444"] }""")]
    [InlineData("""{ "paymentMethod": "pm_card_visa", "number": 378282246310005 }""")]
    public async Task Card_data_is_refused_and_not_repeated_anywhere(string members)
    {
        var body = JsonSerializer.Deserialize<Dictionary<string, JsonElement>>(members)!;
        body["orderId"] = JsonSerializer.SerializeToElement(_order);
        body["userId"] = JsonSerializer.SerializeToElement(PaymentsApp.Customer);
        body["amount"] = JsonSerializer.SerializeToElement(10);
        body["currency"] = JsonSerializer.SerializeToElement("USD");
        var message = JsonSerializer.Deserialize<ProcessPayment>(
            JsonSerializer.Serialize(body),
            JsonSerializerOptions.Web
        )!;

        var rejected = await Assert.ThrowsAsync<MessageRejectedException>(() =>
            _app.HandleAsync<ProcessPaymentHandler, ProcessPayment>(message)
        );

        Assert.Equal("CardData", rejected.Reason);
        Assert.DoesNotContain(rejected.Message, char.IsAsciiDigit);
        Assert.Equal(0, await _app.CountPaymentsAsync());
        Assert.Empty(await _app.ChargesAsync());
    }

    [Fact]
    public async Task The_providers_refusal_of_a_key_with_another_amount_charges_nothing()
    {
        var charge = new ChargeRequest("key", "pm_card_visa", 10m, "USD");
        await _app.Provider.ChargeAsync(charge, TestContext.Current.CancellationToken);

        await Assert.ThrowsAsync<PaymentProviderException>(() =>
            _app.Provider.ChargeAsync(charge with { Amount = 11m }, TestContext.Current.CancellationToken)
        );

        Assert.Equal(10m, await _app.TakenAsync());
    }
}
