using Amqp.Framing;
using Amqp.Listener;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Telemetry;
using Outcome = Shop.ServiceBusEmulator.Broker.Outcome;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>A client's receiving link on a queue: credit, drain, deliveries and their settlement.</summary>
internal sealed class ReceiveEndpoint : LinkEndpoint, IDeliverySink
{
    private readonly Lock sending = new();
    private readonly ListenerLink link;
    private readonly MessageQueue queue;
    private int credit;
    private volatile bool closed;

    public ReceiveEndpoint(ListenerLink link, MessageQueue queue, ReceiveMode mode)
    {
        this.link = link;
        this.queue = queue;
        Consumer = new Consumer(queue, mode, this, link.Name);
        // Closed comes before the library gives up the open deliveries as released, which they are not: as on Azure
        // their locks last until they expire.
        link.AddClosedCallback((_, _) => Close());
    }

    public Consumer Consumer { get; }

    public override void OnFlow(FlowContext flowContext)
    {
        SessionInternals.OnFlow(link.Session);
        int change;
        lock (sending)
        {
            var before = credit;
            credit = Math.Max(0, credit + flowContext.Messages);
            change = credit - before;
            ListenerLinkInternals.Credit(link) = (uint)credit;
        }

        if (change != 0)
        {
            Consumer.AddCredit(change);
        }

        if (link.IsDraining)
        {
            Consumer.Drain();
        }
    }

    public override void OnDisposition(DispositionContext dispositionContext)
    {
        if (dispositionContext.Message is not OutgoingMessage message)
        {
            return;
        }

        if (closed)
        {
            MessageSpans.End(message.Span, null);
            return;
        }

        var state = dispositionContext.DeliveryState;
        // A dead letter is answered with a bare rejected: with an error in it, it would read as a refusal.
        DeliveryState? answer = state is Rejected ? new Rejected() : state;
        Outcome done = error => Answer(message, answer, error);
        switch (state)
        {
            case Accepted:
                queue.Complete(message.LockToken, done);
                break;
            case Rejected rejected:
                DeadLetter(message, rejected, done);
                break;
            case Released:
                queue.Release(message.LockToken);
                done(null);
                break;
            case Modified { UndeliverableHere: true } modified:
                queue.Defer(message.LockToken, Properties.Of(modified.MessageAnnotations), done);
                break;
            case Modified modified:
                queue.Abandon(message.LockToken, Properties.Of(modified.MessageAnnotations), done);
                break;
            case null when dispositionContext.Settled:
                // Settled without an outcome: the receiver forgets the delivery, its lock expires.
                MessageSpans.End(message.Span, null);
                break;
            default:
                // Received says how far a transfer has come; it settles nothing.
                break;
        }
    }

    public override void OnLinkClosed(ListenerLink link, Error error) => Close();

    void IDeliverySink.Deliver(Delivery delivery)
    {
        var encoded = WireMessageWriter.Write(delivery);
        lock (sending)
        {
            credit = Math.Max(0, credit - 1);
            var message = new OutgoingMessage(delivery.LockToken, MessageSpans.Delivering(queue, delivery));
            link.SendMessage(message, encoded);
            if (delivery.LockToken == Guid.Empty)
            {
                MessageSpans.End(message.Span, "complete");
            }
        }
    }

    void IDeliverySink.Drained()
    {
        lock (sending)
        {
            credit = 0;
            // The first moves the delivery count on; its flow does not carry the drain flag that clients wait for, the
            // second does.
            link.CompleteDrain();
            link.SetCredit(0, drain: true);
        }
    }

    void IDeliverySink.SessionLockLost()
    {
        closed = true;
        try
        {
            link.Close(TimeSpan.Zero, BrokerError.SessionLockLost.ToAmqp());
        }
        catch (Exception exception) when (exception is not OutOfMemoryException)
        {
            // The client has left by itself; a timer calls this, and must go on whatever is wrong with one link.
        }
    }

    private void DeadLetter(OutgoingMessage message, Rejected rejected, Outcome done)
    {
        var info = Properties.Of(rejected.Error?.Info);
        var reason = info.GetValueOrDefault(MessageQueue.DeadLetterReasonProperty) as string;
        var description = info.GetValueOrDefault(MessageQueue.DeadLetterDescriptionProperty) as string;
        queue.DeadLetter(
            message.LockToken,
            reason ?? (info.Count == 0 ? rejected.Error?.Condition?.ToString() : null),
            description ?? rejected.Error?.Description,
            info,
            done
        );
    }

    private void Answer(OutgoingMessage message, DeliveryState? state, BrokerError? error)
    {
        error = error is not null && Consumer.HasLostSession ? BrokerError.SessionLockLost : error;
        MessageSpans.End(message.Span, Disposition(state), error);
        try
        {
            link.DisposeMessage(message, error is null ? state : new Rejected { Error = error.ToAmqp() }, true);
        }
        catch (Exception exception) when (LinkGone.Is(exception))
        {
            // Settled, but nobody is there to hear it; a second try finds the lock gone.
        }
    }

    private static string? Disposition(DeliveryState? state) =>
        state switch
        {
            Accepted => "complete",
            Rejected => "dead_letter",
            Modified { UndeliverableHere: true } => "defer",
            Modified => "abandon",
            _ => null,
        };

    private void Close()
    {
        closed = true;
        Consumer.Close();
    }
}
