using Shop.Messaging;
using Shop.Payments.Data;
using Shop.Payments.Domain;
using Shop.Payments.Messages;
using Shop.Payments.Processing;

namespace Shop.Payments.Payments;

/// <summary>Tells the order what became of its payment; asked twice, it says the same twice.</summary>
internal static class PaymentReplies
{
    // ISO 4217's code for "no currency": nothing was taken, and in what was never said.
    private const string NoCurrency = "XXX";

    /// <summary>Lets the payment know the provider's answer, and tells what has changed by it, if anything.</summary>
    public static void AddOutcome(
        this Outbox<PaymentsDbContext> outbox,
        Payment payment,
        ProviderAnswer answer,
        DateTimeOffset now
    )
    {
        var before = payment.Status;
        answer.ApplyTo(payment, now);
        if (payment.Status != before)
        {
            outbox.AddPaymentReply(payment);
        }
    }

    /// <summary>Adds the answer to a request to pay; none as long as the outcome is unknown.</summary>
    public static void AddPaymentReply(this Outbox<PaymentsDbContext> outbox, Payment payment)
    {
        switch (payment.Status)
        {
            case PaymentStatus.Succeeded:
                outbox.Add(
                    new PaymentSucceeded(
                        payment.OrderId,
                        payment.Id,
                        payment.UserId!.Value,
                        payment.Amount,
                        payment.Currency!,
                        payment.UpdatedAt
                    ),
                    payment.OrderId.ToString()
                );
                break;
            case PaymentStatus.Failed:
                outbox.Add(
                    new PaymentFailed(payment.OrderId, payment.FailureCode!, payment.FailureMessage!),
                    payment.OrderId.ToString()
                );
                break;
            case PaymentStatus.Cancelled or PaymentStatus.Refunded:
                outbox.AddRefundReply(payment);
                break;
        }
    }

    /// <summary>Adds the answer to a request to refund; none as long as the money is on its way back.</summary>
    public static void AddRefundReply(this Outbox<PaymentsDbContext> outbox, Payment payment)
    {
        if (payment.Status is PaymentStatus.Pending or PaymentStatus.Succeeded)
        {
            return;
        }
        outbox.Add(
            new PaymentRefunded(
                payment.OrderId,
                payment.Id,
                payment.UserId,
                payment.Status == PaymentStatus.Refunded ? payment.Refund!.Amount : 0,
                payment.Currency ?? NoCurrency,
                payment.UpdatedAt
            ),
            payment.OrderId.ToString()
        );
    }
}
