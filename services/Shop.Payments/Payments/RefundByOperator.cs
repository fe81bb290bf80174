using System.Diagnostics;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Payments.Data;
using Shop.Payments.Domain;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Data;
using Shop.ServiceDefaults.Text;

namespace Shop.Payments.Payments;

/// <summary>The body of a refund.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RefundByOperatorRequest(string? Reason = null);

/// <summary>
/// Use case: an operator refunds an order that was shipped. A repeated request refunds once. As long as the order can be
/// cancelled, Ordering decides: otherwise it could be shipped after its refund.
/// </summary>
internal static class RefundByOperator
{
    private const int MaxReason = 200;

    /// <summary>
    /// <c>POST /api/payments/{id}/refund</c>: gives the money of an order back that was shipped; 202, as it is on its way when this
    /// answers. Before the shipping it answers 409 <c>order-not-shipped</c>: cancel the order instead, which refunds it.
    /// Idempotent.
    /// </summary>
    public static async Task<Results<Accepted<PaymentView>, ProblemHttpResult>> HandleAsync(
        Guid id,
        RefundByOperatorRequest? request,
        PaymentsDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var reason = UserText.TidyOptional(request?.Reason) ?? "requested by an operator";
        if (UserText.WhyNot(reason, MaxReason) is { } rule)
        {
            return Invalid(UserText.Sentence(rule));
        }
        if (CardData.LooksLikeCardNumber(reason))
        {
            return Invalid("Must not contain card data.");
        }

        var payment = await db.InTransactionAsync(
            async () =>
            {
                var payment = await db.LockPaymentAsync(id, cancellationToken);
                if (payment is { CanBeRefundedByOperator: true })
                {
                    payment.RequestRefund(reason, Activity.Current?.Id, time.GetUtcNow());
                }
                return payment;
            },
            cancellationToken
        );
        return payment switch
        {
            null => GetPayment.Unknown(id),
            { Refund: not null } => TypedResults.Accepted($"/api/payments/{id}", ToView(payment)),
            { Status: PaymentStatus.Succeeded } => Problems.Conflict(
                "order-not-shipped",
                $"Only an order that was shipped is refunded here. Cancel it with POST /api/orders/{payment.OrderId}/cancel: that refunds the payment and releases the stock. If it was shipped a moment ago, try again."
            ),
            _ => Problems.Conflict(
                "payment-not-refundable",
                $"The payment is {payment.Status}; only one that succeeded can be refunded."
            ),
        };
    }

    private static readonly Func<Payment, PaymentView> ToView = PaymentView.FromPayment.Compile();

    private static ProblemHttpResult Invalid(string rule) =>
        Problems.Validation(new Dictionary<string, string[]> { ["reason"] = [rule] });
}
