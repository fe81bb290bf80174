using Shop.Messaging;
using Shop.Payments.Data;
using Shop.Payments.Domain;
using Shop.Payments.Payments;
using Shop.ServiceDefaults.Data;

namespace Shop.Payments.Processing;

/// <summary>Writes down what came of an attempt.</summary>
internal sealed class PaymentOutcomes(PaymentsDbContext db, Outbox<PaymentsDbContext> outbox, TimeProvider time)
{
    /// <summary>Stores an answer, and the event that tells it, in one transaction. The same answer again changes nothing.</summary>
    public Task StoreAsync(Guid paymentId, ProviderAnswer answer, CancellationToken cancellationToken) =>
        db.InTransactionAsync(
            async () =>
            {
                var payment = await LockAsync(paymentId, cancellationToken);
                var before = payment.Status;
                answer.ApplyTo(payment, time.GetUtcNow());
                if (payment.Status != before)
                {
                    outbox.AddPaymentReply(payment);
                }
                return payment.Status;
            },
            cancellationToken
        );

    /// <summary>There was no answer: the same is asked again after a while, unless somebody is at it already.</summary>
    public Task PutOffAsync(Payment attempted, TimeSpan delay, CancellationToken cancellationToken) =>
        db.InTransactionAsync(
            async () =>
            {
                var payment = await LockAsync(attempted.Id, cancellationToken);
                payment.RetryAt(attempted.NextStep, attempted.Attempts, time.GetUtcNow() + delay);
                return payment.Status;
            },
            cancellationToken
        );

    private async Task<Payment> LockAsync(Guid paymentId, CancellationToken cancellationToken) =>
        await db.LockPaymentAsync(paymentId, cancellationToken)
        ?? throw new InvalidOperationException($"Payment {paymentId} is gone; payments are never deleted.");
}
