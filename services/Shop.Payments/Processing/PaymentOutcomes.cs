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
        StoreAsync([new PaymentOutcome(paymentId, answer)], cancellationToken);

    /// <summary>The same for several.</summary>
    public Task<int> StoreAsync(IReadOnlyList<PaymentOutcome> outcomes, CancellationToken cancellationToken) =>
        db.InTransactionAsync(
            async () =>
            {
                var payments = await db.LockPaymentsAsync(
                    outcomes.Select(outcome => outcome.PaymentId),
                    cancellationToken
                );
                foreach (var outcome in outcomes)
                {
                    outcome.Attempt.Run(() =>
                        outbox.AddOutcome(Known(payments, outcome.PaymentId), outcome.Answer, time.GetUtcNow())
                    );
                }
                return outcomes.Count;
            },
            cancellationToken
        );

    /// <summary>There was no answer: the same is asked again after a while, unless somebody is at it already.</summary>
    public Task PutOffAsync(Payment attempted, TimeSpan delay, CancellationToken cancellationToken) =>
        db.InTransactionAsync(
            async () =>
            {
                var payments = await db.LockPaymentsAsync([attempted.Id], cancellationToken);
                var payment = Known(payments, attempted.Id);
                payment.RetryAt(attempted.NextStep, attempted.Attempts, time.GetUtcNow() + delay);
                return payment.Status;
            },
            cancellationToken
        );

    private static Payment Known(Dictionary<Guid, Payment> payments, Guid id) =>
        payments.GetValueOrDefault(id)
        ?? throw new InvalidOperationException($"Payment {id} is gone; payments are never deleted.");
}
