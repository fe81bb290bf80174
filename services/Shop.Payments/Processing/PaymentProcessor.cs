using Microsoft.Extensions.Options;

namespace Shop.Payments.Processing;

/// <summary>
/// Works off what the provider has to be asked: woken at commit, with a poll as the safety net. Attempts run side by side,
/// so one that never gets an answer holds up nobody. Runs in every replica.
/// </summary>
internal sealed partial class PaymentProcessor(
    PaymentAttempt attempt,
    ProcessorSignal signal,
    IServiceScopeFactory scopes,
    IOptions<PaymentsOptions> options,
    ILogger<PaymentProcessor> logger
) : BackgroundService
{
    // For the end, when all of them are waited for; the number in use is counted apart, as it goes down in many threads.
    private readonly HashSet<Task> _running = [];
    private int _inUse;

    /// <summary>Starts everything that is due, as far as there is room; returns when it is over.</summary>
    public async Task RunDueAsync(CancellationToken cancellationToken)
    {
        await StartDueAsync(cancellationToken);
        await Task.WhenAll(_running);
    }

    /// <inheritdoc />
    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        try
        {
            while (true)
            {
                await StartDueSafelyAsync(stoppingToken);
                await signal.WaitAsync(options.Value.PollInterval, stoppingToken);
            }
        }
        finally
        {
            await Task.WhenAll(_running);
        }
    }

    private async Task StartDueSafelyAsync(CancellationToken stoppingToken)
    {
        try
        {
            await StartDueAsync(stoppingToken);
        }
        catch (Exception exception) when (!stoppingToken.IsCancellationRequested)
        {
            Log.NotLookedFor(logger, exception, options.Value.PollInterval);
        }
    }

    private async Task StartDueAsync(CancellationToken cancellationToken)
    {
        _running.RemoveWhere(task => task.IsCompleted);
        var room = options.Value.MaxConcurrency - Volatile.Read(ref _inUse);
        if (room == 0)
        {
            return;
        }
        await using var scope = scopes.CreateAsyncScope();
        var claims = scope.ServiceProvider.GetRequiredService<PaymentClaims>();
        foreach (var payment in await claims.TakeAsync(room, cancellationToken))
        {
            Interlocked.Increment(ref _inUse);
            _running.Add(RunAsync(payment, cancellationToken));
        }
    }

    private async Task RunAsync(Domain.Payment payment, CancellationToken cancellationToken)
    {
        try
        {
            await attempt.RunAsync(payment, cancellationToken);
        }
        catch (Exception exception)
        {
            // Its outcome could not be stored. The lease ends, and the next attempt gets the same answer.
            Log.NotFinished(logger, exception, payment.Attempts, payment.Id);
        }
        finally
        {
            // Whoever frees the first place after it was full says so: more may be due.
            if (Interlocked.Decrement(ref _inUse) == options.Value.MaxConcurrency - 1)
            {
                signal.Wake();
            }
        }
    }

    private static partial class Log
    {
        [LoggerMessage(LogLevel.Error, "Due payments could not be looked for; it is tried again in {Interval}")]
        public static partial void NotLookedFor(ILogger logger, Exception exception, TimeSpan interval);

        [LoggerMessage(LogLevel.Error, "Attempt {Attempt} for payment {PaymentId} could not be finished")]
        public static partial void NotFinished(ILogger logger, Exception exception, int attempt, Guid paymentId);
    }
}
