using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Shop.Messaging;

/// <summary>The bus answers for every context's queue. Dead letters, and the age of the oldest message not sent yet, are told as details.</summary>
internal sealed class ServiceBusHealthCheck(
    ServiceBusClient client,
    IEnumerable<MessagingContext> contexts,
    IEnumerable<OutboxLag> lags,
    DeadLetterCounts letters
) : IHealthCheck, IAsyncDisposable
{
    private readonly Dictionary<string, ServiceBusReceiver> _receivers = contexts.ToDictionary(
        context => context.Name,
        context => client.CreateReceiver(context.Name),
        StringComparer.Ordinal
    );

    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        await Task.WhenAll(
            _receivers.Values.Select(receiver => receiver.PeekMessageAsync(cancellationToken: cancellationToken))
        );
        return HealthCheckResult.Healthy(MessagingDetails.Of(lags, letters));
    }

    public async ValueTask DisposeAsync()
    {
        foreach (var receiver in _receivers.Values)
        {
            await receiver.DisposeAsync();
        }
    }
}
