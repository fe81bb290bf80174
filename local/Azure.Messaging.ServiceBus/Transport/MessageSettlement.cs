using Amqp;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Settles messages: over the link that they came by while it is open, over management afterwards.</summary>
/// <param name="management">The entity's node.</param>
/// <param name="retry">When to try again.</param>
/// <param name="entityPath">The entity.</param>
/// <param name="session">The link that holds the session of the messages, if they are of one: its end is the end of their locks.</param>
internal sealed class MessageSettlement(
    ManagementClient management,
    RetryPolicy retry,
    string entityPath,
    ReceiveLink? session = null
)
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

        ThrowIfSessionLost();
        if (
            message.Arrival is { Link.IsOpen: true } arrival
            && await TrySettleAsync(arrival, settlement, cancellationToken).ConfigureAwait(false)
        )
        {
            return;
        }

        ThrowIfSessionLost();
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

    private void ThrowIfSessionLost()
    {
        if (session is { IsOpen: false })
        {
            throw SessionLock.Lost();
        }
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
                    return objection is null ? true : throw AmqpErrors.From(objection);
                }
                catch (AmqpException) when (!arrival.Link.IsOpen)
                {
                    return false;
                }
            },
            cancellationToken
        );
}
