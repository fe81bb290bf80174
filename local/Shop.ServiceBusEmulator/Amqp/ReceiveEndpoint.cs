using Amqp.Framing;
using Amqp.Listener;
using Amqp.Transactions;
using Shop.ServiceBusEmulator.Broker;
using Shop.ServiceBusEmulator.Telemetry;
using Outcome = Shop.ServiceBusEmulator.Broker.Outcome;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>A client's receiving link on a queue: credit, drain, deliveries and their settlement.</summary>
internal sealed class ReceiveEndpoint : LinkEndpoint, IDeliverySink
{
    private readonly Lock sending = new();
    private readonly ListenerLink link;
    private readonly Entity entity;
    private readonly MessageQueue queue;
    private readonly Transactions transactions;
    private int credit;
    private volatile bool closed;

    public ReceiveEndpoint(ListenerLink link, Entity entity, ReceiveMode mode, Transactions transactions)
    {
        this.link = link;
        this.entity = entity;
        this.transactions = transactions;
        queue = entity.Store;
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
        if (state is TransactionalState transactional)
        {
            SettleInTransaction(message, transactional);
            return;
        }

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
        LinkGone.End(link, BrokerError.SessionLockLost.ToAmqp());
    }

    private void DeadLetter(OutgoingMessage message, Rejected rejected, Outcome done)
    {
        var info = Properties.Of(rejected.Error?.Info);
        var (reason, description) = Reason(rejected, info);
        queue.DeadLetter(message.LockToken, reason, description, info, done);
    }

    private static (string? Reason, string? Description) Reason(
        Rejected rejected,
        IReadOnlyDictionary<string, object?> info
    ) =>
        (
            info.GetValueOrDefault(MessageQueue.DeadLetterReasonProperty) as string
                ?? (info.Count == 0 ? rejected.Error?.Condition?.ToString() : null),
            info.GetValueOrDefault(MessageQueue.DeadLetterDescriptionProperty) as string ?? rejected.Error?.Description
        );

    private void SettleInTransaction(OutgoingMessage message, TransactionalState state)
    {
        // The delivery stays unsettled until the commit: after a rollback its receiver may settle it again.
        var (transaction, error) = transactions.Find(state.TxnId);
        var outcome = state.Outcome is Rejected ? new Rejected() : state.Outcome;
        if (transaction is not null)
        {
            error = Settlement(message, state.Outcome, outcome) is { } settlement
                ? transaction.Settle(entity, link.Session, [settlement])
                : new(
                    BrokerErrorKind.NotAllowed,
                    $"A message cannot be settled with '{state.Outcome}' in a transaction: complete, abandon, defer or dead-letter it."
                );
        }

        error = error is not null && Consumer.HasLostSession ? BrokerError.SessionLockLost : error;
        Dispose(
            message,
            error is null ? Transactions.StateOf(transaction!, outcome!) : new Rejected { Error = error.ToAmqp() },
            settled: false
        );
    }

    private Settlement? Settlement(
        OutgoingMessage message,
        global::Amqp.Framing.Outcome? state,
        global::Amqp.Framing.Outcome? answer
    )
    {
        void Committed() => Answer(message, answer, null);
        switch (state)
        {
            case Accepted:
                return new(queue, message.LockToken, SettlementKind.Complete) { Committed = Committed };
            case Rejected rejected:
                var info = Properties.Of(rejected.Error?.Info);
                var (reason, description) = Reason(rejected, info);
                return new(queue, message.LockToken, SettlementKind.DeadLetter)
                {
                    Properties = info,
                    Reason = reason,
                    Description = description,
                    Committed = Committed,
                };
            case Modified modified:
                var kind = modified.UndeliverableHere ? SettlementKind.Defer : SettlementKind.Abandon;
                return new(queue, message.LockToken, kind)
                {
                    Properties = Properties.Of(modified.MessageAnnotations),
                    Committed = Committed,
                };
            default:
                return null;
        }
    }

    private void Answer(OutgoingMessage message, DeliveryState? state, BrokerError? error)
    {
        error = error is not null && Consumer.HasLostSession ? BrokerError.SessionLockLost : error;
        MessageSpans.End(message.Span, Disposition(state), error);
        Dispose(message, error is null ? state : new Rejected { Error = error.ToAmqp() }, settled: true);
    }

    private void Dispose(OutgoingMessage message, DeliveryState? state, bool settled)
    {
        try
        {
            link.DisposeMessage(message, state, settled);
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
