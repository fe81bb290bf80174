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

/// <summary>Use case: an operator gives a customer the money back. Asked again, it is still given back once.</summary>
internal static class RefundByOperator
{
    private const int MaxReason = 200;

    /// <summary><c>POST /api/payments/{id}/refund</c>; 202, as the money is on its way when this answers.</summary>
    public static async Task<Results<Accepted<PaymentView>, ProblemHttpResult>> HandleAsync(
        Guid id,
        RefundByOperatorRequest? request,
        PaymentsDbContext db,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var reason = request?.Reason is { } typed ? UserText.Tidy(typed) : "requested by an operator";
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
                if (payment?.Status == PaymentStatus.Succeeded)
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
