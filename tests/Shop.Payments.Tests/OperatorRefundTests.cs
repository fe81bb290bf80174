using System.Net;
using System.Net.Http.Json;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Payments.Data;
using Shop.Payments.Domain;
using Shop.Payments.Messages;
using Shop.Testing;

namespace Shop.Payments.Tests;

/// <summary>
/// An operator refunds what has left the house. Before that, Ordering decides: its cancellation refunds the payment and keeps
/// the goods.
/// </summary>
public sealed class OperatorRefundTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private readonly Guid _order = Guid.CreateVersion7();
    private PaymentsApp _app = null!;

    public async ValueTask InitializeAsync()
    {
        _app = await PaymentsApp.StartAsync(infrastructure);
        await _app.ProcessAsync(_order);
        await _app.RunDueAsync();
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData("pm_card_visa")]
    [InlineData("pm_card_mastercard")]
    [InlineData("pm_card_failsThenSucceeds")]
    public async Task An_order_that_has_not_been_shipped_is_not_refunded_and_the_answer_says_to_cancel_it(string method)
    {
        var order = Guid.CreateVersion7();
        await _app.ProcessAsync(order, method);
        for (var attempt = 0; attempt < 5; attempt++)
        {
            await _app.RunLaterAsync();
        }

        using var response = await RefundAsync(order);

        Assert.Equal(HttpStatusCode.Conflict, response.StatusCode);
        var problem = await ReadAsync(response);
        Assert.EndsWith("/order-not-shipped", problem.GetProperty("type").GetString(), StringComparison.Ordinal);
        Assert.Contains(
            $"POST /api/orders/{order}/cancel",
            problem.GetProperty("detail").GetString(),
            StringComparison.Ordinal
        );
        var payment = await _app.PaymentAsync(order);
        Assert.Equal((PaymentStatus.Succeeded, null), (payment.Status, payment.Refund));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(5)]
    public async Task An_order_that_was_shipped_is_refunded_once_however_often_its_shipping_is_told(int times)
    {
        for (var time = 0; time < times; time++)
        {
            await _app.ShipAsync(_order);
            _app.Time.Advance(TimeSpan.FromSeconds(1));
        }

        using var first = await RefundAsync(_order);
        using var again = await RefundAsync(_order);
        await _app.RunDueAsync();
        await _app.ShipAsync(_order);
        await _app.RunLaterAsync();

        Assert.Equal((HttpStatusCode.Accepted, HttpStatusCode.Accepted), (first.StatusCode, again.StatusCode));
        Assert.Equal([PaymentSucceeded.Type, PaymentRefunded.Type], await _app.RepliesAsync(_order));
        var payment = await _app.PaymentAsync(_order);
        Assert.Equal(PaymentStatus.Refunded, payment.Status);
        Assert.Equal(PaymentsApp.ShippedAt, payment.ShippedAt);
        Assert.Equal(0, await _app.TakenAsync());
    }

    [Fact]
    public async Task The_refund_of_a_cancelled_order_is_shown_to_who_asks_for_it_again()
    {
        await _app.RefundAsync(_order);

        using var response = await RefundAsync(_order);
        await _app.RunDueAsync();

        Assert.Equal(HttpStatusCode.Accepted, response.StatusCode);
        Assert.Equal("test", (await ReadAsync(response)).GetProperty("refund").GetProperty("reason").GetString());
        Assert.Equal(0, await _app.TakenAsync());
    }

    [Fact]
    public async Task Of_a_shipping_and_refunds_at_the_same_moment_none_refunds_before_the_shipping_is_known()
    {
        for (var round = 0; round < 10; round++)
        {
            var order = Guid.CreateVersion7();
            await _app.ProcessAsync(order);
            await _app.RunDueAsync();
            using var before = await RefundAsync(order);

            var refunds = Enumerable.Range(0, 4).Select(_ => RefundAsync(order)).ToList();
            var shipping = _app.ShipAsync(order);
            refunds.AddRange(Enumerable.Range(0, 4).Select(_ => RefundAsync(order)));
            await shipping;
            var answers = await Task.WhenAll(refunds);
            var wasRefunded = (await _app.PaymentAsync(order)).Refund is not null;
            using var after = await RefundAsync(order);
            await _app.RunDueAsync();

            Assert.All(
                answers,
                answer => Assert.True(answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict)
            );
            Assert.Equal(answers.Any(answer => answer.StatusCode == HttpStatusCode.Accepted), wasRefunded);
            Assert.Equal((HttpStatusCode.Conflict, HttpStatusCode.Accepted), (before.StatusCode, after.StatusCode));
            var payment = await _app.PaymentAsync(order);
            Assert.Equal((PaymentStatus.Refunded, PaymentsApp.ShippedAt), (payment.Status, payment.ShippedAt));
            Assert.Equal(1, await CountRefundsAsync(payment.Id));
            Assert.Equal([PaymentSucceeded.Type, PaymentRefunded.Type], await _app.RepliesAsync(order));
        }
    }

    [Fact]
    public async Task Of_a_cancellation_and_refunds_at_the_same_moment_the_money_goes_back_once()
    {
        for (var round = 0; round < 10; round++)
        {
            var order = Guid.CreateVersion7();
            await _app.ProcessAsync(order);
            await _app.RunDueAsync();

            var refunds = Enumerable.Range(0, 4).Select(_ => RefundAsync(order)).ToList();
            await _app.RefundAsync(order);
            refunds.AddRange(Enumerable.Range(0, 4).Select(_ => RefundAsync(order)));
            var answers = await Task.WhenAll(refunds);
            await _app.RunLaterAsync();

            Assert.All(
                answers,
                answer => Assert.True(answer.StatusCode is HttpStatusCode.Accepted or HttpStatusCode.Conflict)
            );
            var payment = await _app.PaymentAsync(order);
            Assert.Equal((PaymentStatus.Refunded, "test"), (payment.Status, payment.Refund!.Reason));
            Assert.Equal(1, await CountRefundsAsync(payment.Id));
        }

        Assert.Equal(49.90m, await _app.TakenAsync());
    }

    [Fact]
    public async Task The_shipping_of_an_order_that_was_never_paid_is_a_dead_letter()
    {
        var rejected = await Assert.ThrowsAsync<MessageRejectedException>(() => _app.ShipAsync(Guid.CreateVersion7()));

        Assert.Equal("UnknownPayment", rejected.Reason);
        Assert.Equal(1, await _app.CountPaymentsAsync());
    }

    private Task<int> CountRefundsAsync(Guid payment) =>
        _app.InScopeAsync<PaymentsDbContext, int>(db =>
            db.Refunds.CountAsync(refund => refund.PaymentId == payment, TestContext.Current.CancellationToken)
        );

    private async Task<HttpResponseMessage> RefundAsync(Guid order)
    {
        var id = (await _app.PaymentAsync(order)).Id;
        using var request = new HttpRequestMessage(HttpMethod.Post, $"/api/payments/{id}/refund");
        request.Headers.Authorization = _app.Tokens.Bearer(PaymentsApp.Customer, "operator");
        return await _app.Client.SendAsync(request, TestContext.Current.CancellationToken);
    }

    private static Task<JsonElement> ReadAsync(HttpResponseMessage response) =>
        response.Content.ReadFromJsonAsync<JsonElement>(TestContext.Current.CancellationToken);
}
