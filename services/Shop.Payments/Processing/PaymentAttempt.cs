using System.Diagnostics;
using Microsoft.EntityFrameworkCore;
using Microsoft.Extensions.Options;
using Shop.Payments.Data;
using Shop.Payments.Domain;
using Shop.Payments.Provider;

namespace Shop.Payments.Processing;

/// <summary>
/// Asks the provider what a payment needs next, and writes the answer down. No transaction is open while the provider is
/// asked. Whatever happens before the answer is stored, the next attempt asks with the same idempotency key.
/// </summary>
internal sealed partial class PaymentAttempt(
    IPaymentProvider provider,
    OutcomeBatches outcomes,
    PaymentMetrics metrics,
    IServiceScopeFactory scopes,
    IOptions<PaymentsOptions> options,
    TimeProvider time,
    ILogger<PaymentAttempt> logger
)
{
    private static readonly ActivitySource Source = new("Shop.Payments");
    private static readonly TimeSpan HandBackLimit = TimeSpan.FromSeconds(2);
    private static readonly TimeSpan StoreLimit = TimeSpan.FromSeconds(10);

    /// <summary>Makes one attempt for a payment that was claimed.</summary>
    public async Task RunAsync(Payment payment, CancellationToken stoppingToken)
    {
        using var activity = Source.StartActivity(
            $"payment {payment.NextStep?.ToString().ToLowerInvariant()}",
            ActivityKind.Client,
            payment.TraceParent
        );
        activity?.SetTag("shop.order.id", payment.OrderId);
        activity?.SetTag("shop.payment.id", payment.Id);
        activity?.SetTag("shop.payment.attempt", payment.Attempts);

        if (await AskInTimeAsync(payment, stoppingToken) is { } answer)
        {
            activity?.SetTag("shop.payment.outcome", answer.Name);
            metrics.Attempted(payment.NextStep, answer.Name);
            // Also when the service is told to stop meanwhile: the provider need not be asked again.
            using var limit = new CancellationTokenSource(StoreLimit);
            await outcomes.StoreAsync(payment.Id, answer, limit.Token);
        }
        else if (stoppingToken.IsCancellationRequested)
        {
            // Nobody needs to wait for the lease to end: whoever starts next goes on at once.
            using var limit = new CancellationTokenSource(HandBackLimit);
            await PutOffAsync(payment, TimeSpan.Zero, limit.Token);
        }
        else
        {
            activity?.SetStatus(ActivityStatusCode.Error, "The outcome is unknown.");
            metrics.Attempted(payment.NextStep, PaymentMetrics.Unanswered);
            await PutOffAsync(payment, options.Value.DelayAfter(payment.Attempts), CancellationToken.None);
        }
    }

    // Null when the provider did not answer: it may or may not have acted.
    private async Task<ProviderAnswer?> AskInTimeAsync(Payment payment, CancellationToken stoppingToken)
    {
        using var timeout = new CancellationTokenSource(options.Value.ProviderTimeout, time);
        using var either = CancellationTokenSource.CreateLinkedTokenSource(timeout.Token, stoppingToken);
        try
        {
            return await AskAsync(payment, either.Token).WaitAsync(either.Token);
        }
        catch (Exception exception)
        {
            Log.Unanswered(
                logger,
                payment.Attempts,
                payment.NextStep,
                payment.Id,
                payment.OrderId,
                timeout.IsCancellationRequested
                    ? $"none came within {options.Value.ProviderTimeout}"
                    : exception.Message
            );
            return null;
        }
    }

    private Task<ProviderAnswer?> AskAsync(Payment payment, CancellationToken cancellationToken) =>
        provider.AskAsync(payment, () => RefundOfAsync(payment, cancellationToken), cancellationToken);

    private async Task<Refund> RefundOfAsync(Payment payment, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        return await scope
            .ServiceProvider.GetRequiredService<PaymentsDbContext>()
            .Refunds.AsNoTracking()
            .SingleAsync(refund => refund.PaymentId == payment.Id, cancellationToken);
    }

    private async Task PutOffAsync(Payment payment, TimeSpan delay, CancellationToken cancellationToken)
    {
        await using var scope = scopes.CreateAsyncScope();
        await scope
            .ServiceProvider.GetRequiredService<PaymentOutcomes>()
            .PutOffAsync(payment, delay, cancellationToken);
    }

    private static partial class Log
    {
        [LoggerMessage(
            LogLevel.Warning,
            "Attempt {Attempt} to {Step} payment {PaymentId} of order {OrderId} ended without an answer: {Reason}"
        )]
        public static partial void Unanswered(
            ILogger logger,
            int attempt,
            ProviderStep? step,
            Guid paymentId,
            Guid orderId,
            string reason
        );
    }
}
