using Amqp;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Settles messages: over the link that they came by while it is open, over management afterwards.</summary>
internal sealed class MessageSettlement(ManagementClient management, RetryPolicy retry, string entityPath)
{
    public async Task SettleAsync(
        ServiceBusReceivedMessage message,
        Settlement settlement,
        CancellationToken cancellationToken
    )
    {
        if (message.Arrival is { IsSettled: true })
        {
            throw new ServiceBusException(
                $"Message {message.SequenceNumber} was settled before; there is no lock any more.",
                ServiceBusFailureReason.MessageLockLost,
                entityPath
            );
        }

        if (
            message.Arrival is { Link.IsOpen: true } arrival
            && await TrySettleAsync(arrival, settlement, cancellationToken).ConfigureAwait(false)
        )
        {
            return;
        }

        await management
            .SettleAsync(
                message.LockTokenGuid,
                settlement.Status,
                settlement.Changes,
                settlement.DeadLetterReason,
                settlement.DeadLetterDescription,
                cancellationToken
            )
            .ConfigureAwait(false);
    }

    /// <returns>False when the link ended before the broker answered.</returns>
    private Task<bool> TrySettleAsync(Arrival arrival, Settlement settlement, CancellationToken cancellationToken) =>
        retry.RunAsync(
            settlement.Status,
            entityPath,
            async attempt =>
            {
                try
                {
                    var objection = await arrival
                        .Link.SettleAsync(arrival.Message, settlement.State, attempt)
                        .ConfigureAwait(false);
                    arrival.IsSettled = true;
                    return objection is null ? true : throw AmqpErrors.From(objection, entityPath);
                }
                catch (AmqpException) when (!arrival.Link.IsOpen)
                {
                    return false;
                }
            },
            cancellationToken
        );
}
