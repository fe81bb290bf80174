using Microsoft.EntityFrameworkCore;
using OpenTelemetry;
using Shop.ServiceDefaults.Data;

namespace Shop.Payments.Provider.Simulated;

/// <summary>A payment provider for development and tests that keeps books one can reconcile with.</summary>
internal sealed class SimulatedPaymentProvider : IPaymentProvider
{
    private const int MostAtOnce = 64;

    private readonly IServiceScopeFactory scopes;
    private readonly TimeProvider time;
    private readonly GroupCommit<ChargeRequest, FirstCharge> firstCharges;

    public SimulatedPaymentProvider(IServiceScopeFactory scopes, TimeProvider time)
    {
        this.scopes = scopes;
        this.time = time;
        firstCharges = new(ChargeFirstAsync, MostAtOnce);
    }

    /// <param name="Charge">As it was entered; null if there was one under the key already.</param>
    private readonly record struct FirstCharge(SimulatedCharge? Charge);

    /// <inheritdoc />
    public async Task<ChargeResult> ChargeAsync(ChargeRequest request, CancellationToken cancellationToken)
    {
        var behaviour = TestPaymentMethod.For(request.PaymentMethod);
        var charge =
            (await firstCharges.RunAsync(request, cancellationToken))?.Charge
            ?? await InOwnTransactionAsync(
                async db =>
                {
                    var charge = await LockAsync(db, request.IdempotencyKey, request, cancellationToken);
                    RefuseOtherTerms(charge, request);
                    Decide(charge, behaviour);
                    return charge;
                },
                cancellationToken
            );

        var result = charge.ToResult();
        if (result.Status == ChargeStatus.Processing && behaviour.NeverAnswers)
        {
            await Task.Delay(Timeout.InfiniteTimeSpan, time, cancellationToken);
        }
        if (result.Status == ChargeStatus.Processing)
        {
            throw new PaymentProviderException("The payment provider is out of order.");
        }
        if (behaviour.LosesFirstAnswer && charge.Attempts == 1)
        {
            throw new PaymentProviderException("The connection to the payment provider broke.");
        }
        return result;
    }

    /// <inheritdoc />
    public Task<ChargeResult> CancelAsync(string idempotencyKey, CancellationToken cancellationToken) =>
        InOwnTransactionAsync(
            async db =>
            {
                var charge = await LockAsync(db, idempotencyKey, request: null, cancellationToken);
                charge.Cancel();
                return charge.ToResult();
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<string> RefundAsync(RefundRequest request, CancellationToken cancellationToken) =>
        InOwnTransactionAsync(
            async db =>
            {
                var charge = await db
                    .Charges.AsNoTracking()
                    .SingleOrDefaultAsync(c => c.Reference == request.ChargeReference, cancellationToken);
                if (charge is not { Status: ChargeStatus.Succeeded } || charge.Amount != request.Amount)
                {
                    throw new PaymentProviderException(
                        $"There is no charge {request.ChargeReference} of that amount to refund."
                    );
                }
                var rows = await db
                    .Refunds.FromSql(
                        $"""
                        insert into simulated_provider.refunds
                            (idempotency_key, reference, charge_reference, amount, created_at)
                        values ({request.IdempotencyKey}, {NewReference("re")},
                            {request.ChargeReference}, {request.Amount}, {time.GetUtcNow()})
                        on conflict (idempotency_key) do update set reference = refunds.reference
                        returning *
                        """
                    )
                    .ToListAsync(cancellationToken);
                return rows.Single().Reference;
            },
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<BookedCharge>> ListAsync(
        string? afterKey,
        int limit,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            charges =>
                charges
#pragma warning disable CA1309 // the database compares
                    .Where(charge => string.Compare(charge.IdempotencyKey, afterKey ?? "") > 0)
#pragma warning restore CA1309
                    .OrderBy(charge => charge.IdempotencyKey)
                    .Take(limit),
            cancellationToken
        );

    /// <inheritdoc />
    public Task<IReadOnlyList<BookedCharge>> FindAsync(
        IReadOnlyCollection<string> idempotencyKeys,
        CancellationToken cancellationToken
    ) =>
        ReadAsync(
            charges => charges.Where(charge => idempotencyKeys.Contains(charge.IdempotencyKey)),
            cancellationToken
        );

    private async Task<IReadOnlyList<BookedCharge>> ReadAsync(
        Func<IQueryable<SimulatedCharge>, IQueryable<SimulatedCharge>> choose,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SimulatedProviderDbContext>();
        return await (
            from charge in choose(db.Charges.AsNoTracking())
            join refund in db.Refunds on charge.Reference equals refund.ChargeReference into refunds
            from refund in refunds.DefaultIfEmpty()
            orderby charge.IdempotencyKey
            select new BookedCharge(
                charge.IdempotencyKey,
                charge.Reference,
                charge.Status,
                charge.Amount,
                charge.Currency,
                charge.CreatedAt,
                refund == null ? null : new BookedRefund(refund.Reference, refund.Amount, refund.CreatedAt)
            )
        ).ToListAsync(cancellationToken);
    }

    private static void Decide(SimulatedCharge charge, TestPaymentMethod behaviour)
    {
        if (
            charge.Status != ChargeStatus.Processing
            || behaviour.NeverAnswers
            || (behaviour.FailsFirst && charge.Attempts == 1)
        )
        {
            return;
        }
        if (behaviour.FailureCode is { } code)
        {
            charge.Fail(code, behaviour.FailureMessage!);
        }
        else
        {
            charge.Succeed();
        }
    }

    private static void RefuseOtherTerms(SimulatedCharge charge, ChargeRequest request)
    {
        if (
            charge.Status != ChargeStatus.Cancelled
            && (charge.Amount != request.Amount || charge.Currency != request.Currency)
        )
        {
            throw new PaymentProviderException(
                $"The idempotency key {request.IdempotencyKey} was used for another charge."
            );
        }
    }

    // Charges that were never heard of, decided in the statement that enters them, as most are; no one where there is one already.
    private async Task<FirstCharge[]> ChargeFirstAsync(
        IReadOnlyList<ChargeRequest> requests,
        CancellationToken cancellationToken
    )
    {
        var behaviours = requests.Select(request => TestPaymentMethod.For(request.PaymentMethod)).ToList();
        string[] keys = [.. requests.Select(request => request.IdempotencyKey)];
        string[] references = [.. requests.Select(_ => NewReference("ch"))];
        string[] methods = [.. requests.Select(request => request.PaymentMethod)];
        decimal[] amounts = [.. requests.Select(request => request.Amount)];
        string[] currencies = [.. requests.Select(request => request.Currency)];
        string[] statuses = [.. behaviours.Select(behaviour => behaviour.FirstStatus.ToString())];
        string?[] codes = [.. behaviours.Select(behaviour => behaviour.FailureCode)];
        string?[] messages = [.. behaviours.Select(behaviour => behaviour.FailureMessage)];
        // It stands in for a provider, whose insides nobody would see.
        using var untraced = SuppressInstrumentationScope.Begin();
        await using var scope = scopes.CreateAsyncScope();
        var entered = await scope
            .ServiceProvider.GetRequiredService<SimulatedProviderDbContext>()
            .Charges.FromSql(
                $"""
                insert into simulated_provider.charges
                    (idempotency_key, reference, payment_method, amount, currency, status, failure_code,
                     failure_message, attempts, created_at)
                select key, reference, method, amount, currency, status, code, message, 1, {time.GetUtcNow()}
                from unnest({keys}, {references}, {methods}, {amounts}, {currencies}, {statuses}, {codes}, {messages})
                    as asked (key, reference, method, amount, currency, status, code, message)
                order by key
                on conflict (idempotency_key) do nothing
                returning *
                """
            )
            .AsNoTracking()
            .ToDictionaryAsync(charge => charge.IdempotencyKey, cancellationToken);
        // Should a key have come twice, only one of them is the first.
        return
        [
            .. requests.Select(request => new FirstCharge(
                entered.Remove(request.IdempotencyKey, out var charge) ? charge : null
            )),
        ];
    }

    // The entry under the key, locked; made if there is none. Only a request to charge counts as an attempt.
    private async Task<SimulatedCharge> LockAsync(
        SimulatedProviderDbContext db,
        string key,
        ChargeRequest? request,
        CancellationToken cancellationToken
    )
    {
        var attempt = request is null ? 0 : 1;
        var rows = await db
            .Charges.FromSql(
                $"""
                insert into simulated_provider.charges
                    (idempotency_key, reference, payment_method, amount, currency, status, attempts, created_at)
                values ({key}, {NewReference("ch")}, {request?.PaymentMethod}, {request?.Amount
                    ?? 0},
                    {request?.Currency}, 'Processing', {attempt}, {time.GetUtcNow()})
                on conflict (idempotency_key) do update set attempts = charges.attempts + {attempt}
                returning *
                """
            )
            .ToListAsync(cancellationToken);
        return rows.Single();
    }

    private async Task<T> InOwnTransactionAsync<T>(
        Func<SimulatedProviderDbContext, Task<T>> work,
        CancellationToken cancellationToken
    )
    {
        await using var scope = scopes.CreateAsyncScope();
        var db = scope.ServiceProvider.GetRequiredService<SimulatedProviderDbContext>();
        return await db.InTransactionAsync(() => work(db), cancellationToken);
    }

    private static string NewReference(string kind) => $"{kind}_{Guid.CreateVersion7():N}";
}
