using Shop.Payments.Data;
using Shop.ServiceDefaults.Data;

namespace Shop.Payments.Reconciliation;

/// <summary>
/// Has the provider asked again about payments whose outcome we may have missed. That is safe: the question carries the
/// same idempotency key as before, so it charges and refunds nothing twice. Anything else is for people to decide.
/// </summary>
internal sealed class ReconciliationRepair(IServiceScopeFactory scopes, TimeProvider time)
{
    /// <summary>Makes the payment's next step due for the running service; false when asking cannot help.</summary>
    public async Task<bool> AskAgainAsync(Difference difference, CancellationToken cancellationToken)
    {
        if (
            difference.Kind is not (DifferenceKind.Stuck or DifferenceKind.State)
            || !Guid.TryParse(difference.Payment, out var paymentId)
        )
        {
            return false;
        }
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<PaymentsDbContext>();
        return await db.InTransactionAsync(
            async () =>
                await db.LockPaymentAsync(paymentId, cancellationToken) is { } payment
                && payment.AskAgain(time.GetUtcNow()),
            cancellationToken
        );
    }
}
