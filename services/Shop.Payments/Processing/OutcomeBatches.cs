using Shop.ServiceDefaults.Data;
using Shop.ServiceDefaults.Telemetry;

namespace Shop.Payments.Processing;

/// <summary>An answer of the provider, to be stored.</summary>
internal sealed record PaymentOutcome(Guid PaymentId, ProviderAnswer Answer)
{
    /// <summary>The trace of the attempt, whoever stores its answer.</summary>
    public Surroundings Attempt { get; } = Surroundings.Capture();
}

/// <summary>Has the answers that come while others are being stored share the next transaction.</summary>
internal sealed class OutcomeBatches
{
    private const int Limit = 64;

    private readonly IServiceScopeFactory _scopes;
    private readonly GroupCommit<PaymentOutcome, bool> _transactions;

    public OutcomeBatches(IServiceScopeFactory scopes)
    {
        _scopes = scopes;
        _transactions = new(StoreAsync, Limit);
    }

    /// <summary>Stores the answer, together with others if there are any.</summary>
    public Task StoreAsync(Guid paymentId, ProviderAnswer answer, CancellationToken cancellationToken) =>
        _transactions.RunOrRunAloneAsync(new PaymentOutcome(paymentId, answer), cancellationToken);

    private async Task<bool[]> StoreAsync(IReadOnlyList<PaymentOutcome> outcomes, CancellationToken cancellationToken)
    {
        await using var scope = _scopes.CreateAsyncScope();
        await scope.ServiceProvider.GetRequiredService<PaymentOutcomes>().StoreAsync(outcomes, cancellationToken);
        return [.. outcomes.Select(_ => true)];
    }
}
