using Azure.Messaging.ServiceBus;
using Microsoft.Extensions.Diagnostics.HealthChecks;

namespace Aspire.Azure.Messaging.ServiceBus;

/// <summary>Looks into a queue, or opens a link to a topic.</summary>
internal sealed class ServiceBusHealthCheck(ServiceBusClient client, string? queue, string? topic) : IHealthCheck
{
    public async Task<HealthCheckResult> CheckHealthAsync(
        HealthCheckContext context,
        CancellationToken cancellationToken = default
    )
    {
        try
        {
            if (!string.IsNullOrEmpty(queue))
            {
                await using var receiver = client.CreateReceiver(queue);
                await receiver.PeekMessageAsync(null, cancellationToken);
            }
            else
            {
                await using var sender = client.CreateSender(topic!);
                using var batch = await sender.CreateMessageBatchAsync(cancellationToken);
            }

            return HealthCheckResult.Healthy();
        }
        catch (Exception exception)
        {
            return new HealthCheckResult(context.Registration.FailureStatus, exception.Message, exception);
        }
    }
}
