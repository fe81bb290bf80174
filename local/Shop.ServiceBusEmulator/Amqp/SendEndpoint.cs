using System.Diagnostics;
using Amqp;
using Amqp.Listener;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Telemetry;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>A client's sending link: each transfer is acknowledged once its messages cannot be lost any more.</summary>
internal sealed class SendEndpoint(MessageBroker broker, Entity entity, Transactions transactions) : LinkEndpoint
{
    private int MaxMessageSize => entity.Store.Settings.MaxMessageSize;

    public override void OnMessage(MessageContext messageContext)
    {
        var transfer = (IncomingMessage)messageContext.Message;
        IReadOnlyList<MessageContent> messages;
        try
        {
            messages = WireBatch.Read(transfer);
        }
        catch (Exception exception) when (exception is InvalidDataException or AmqpException or InvalidCastException)
        {
            Finish(
                messageContext,
                new BrokerError(BrokerErrorKind.InvalidField, $"The message cannot be read: {exception.Message}")
            );
            return;
        }

        if (TooLarge(transfer, messages) is { } size)
        {
            Finish(
                messageContext,
                new BrokerError(
                    BrokerErrorKind.MessageTooLarge,
                    $"The received message (size:{size}) exceeds the limit ({MaxMessageSize}) allowed on the link."
                )
            );
            return;
        }

        var (transaction, refusal) = transactions.Of(messageContext);
        if (refusal is not null)
        {
            Finish(messageContext, refusal);
            return;
        }

        var spans = MessageSpans.Storing(entity, messages);
        if (transaction is not null)
        {
            SendInTransaction(messageContext, transaction, messages, spans);
            return;
        }

        broker.Send(
            entity,
            messages,
            error =>
            {
                MessageSpans.End(spans, error);
                Finish(messageContext, error);
            }
        );
    }

    public override void OnFlow(FlowContext flowContext) => SessionInternals.OnFlow(flowContext.Link.Session);

    public override void OnDisposition(DispositionContext dispositionContext) => dispositionContext.Complete();

    private void SendInTransaction(
        MessageContext context,
        Transaction transaction,
        IReadOnlyList<MessageContent> messages,
        IReadOnlyList<Activity?> spans
    )
    {
        var refusal = transaction.Send(entity, context.Link.Session, messages, error => MessageSpans.End(spans, error));
        if (refusal is not null)
        {
            MessageSpans.End(spans, refusal);
        }

        Transactions.Answer(context, transaction, refusal);
    }

    private int? TooLarge(IncomingMessage transfer, IReadOnlyList<MessageContent> messages) =>
        transfer.Encoded.Length > MaxMessageSize ? transfer.Encoded.Length
        : messages.FirstOrDefault(message => message.Encoded.Length > MaxMessageSize) is { } large
            ? large.Encoded.Length
        : null;

    private static void Finish(MessageContext context, BrokerError? error)
    {
        try
        {
            if (error is null)
            {
                context.Complete();
            }
            else
            {
                context.Complete(error.ToAmqp());
            }
        }
        catch (Exception exception) when (LinkGone.Is(exception))
        {
            // The sender left without waiting for the answer; it will send again.
        }
    }
}
