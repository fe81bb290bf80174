namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Runs operations until they succeed, fail for good or were tried often enough.</summary>
internal sealed class RetryPolicy(ServiceBusRetryPolicy policy)
{
    public static RetryPolicy From(ServiceBusRetryOptions options) =>
        new(options.CustomRetryPolicy ?? new BackOffRetryPolicy(options));

    public TimeSpan TryTimeout => policy.CalculateTryTimeout(0);

    /// <summary>Whether an operation that failed so often is not tried again.</summary>
    public bool GivesUp(Exception exception, int failures) => policy.CalculateRetryDelay(exception, failures) is null;

    /// <summary>The delay that a loop without end takes after so many failures.</summary>
    public TimeSpan DelayAfter(Exception exception, int failures) =>
        policy.CalculateRetryDelay(exception, Math.Max(1, failures))
        ?? BackOffRetryPolicy.Jitter(TimeSpan.FromSeconds(Math.Min(30, 1 << Math.Min(failures, 5))));

    public async Task<TResult> RunAsync<TResult>(
        string operation,
        string entityPath,
        Func<CancellationToken, Task<TResult>> attempt,
        CancellationToken cancellationToken
    )
    {
        for (var failures = 0; ; )
        {
            var timeout = policy.CalculateTryTimeout(failures);
            using var limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
            limit.CancelAfter(timeout);
            TimeSpan? delay;
            try
            {
                return await attempt(limit.Token).ConfigureAwait(false);
            }
            catch (Exception exception)
            {
                cancellationToken.ThrowIfCancellationRequested();
                var error =
                    exception is OperationCanceledException && limit.IsCancellationRequested
                        ? new ServiceBusException(
                            $"The broker did not answer within {timeout.TotalSeconds:0.#} s to: {operation}.",
                            ServiceBusFailureReason.ServiceTimeout,
                            entityPath,
                            exception
                        )
                        : AmqpErrors.From(exception, entityPath);
                delay = policy.CalculateRetryDelay(error, ++failures);
                if (delay is null)
                {
                    if (ReferenceEquals(error, exception))
                    {
                        throw;
                    }

                    throw error;
                }
            }

            await Task.Delay(delay.Value, cancellationToken).ConfigureAwait(false);
        }
    }
}
