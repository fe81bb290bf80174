using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Transactions;
using Shop.ServiceBusEmulator.Broker;
using Transaction = Shop.ServiceBusEmulator.Broker.Transaction;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>A client's link to the coordinator: transactions are declared and discharged on it, and end with it.</summary>
internal sealed class CoordinatorEndpoint(MessageBroker broker, Transactions transactions) : LinkEndpoint
{
    private readonly Lock gate = new();
    private readonly HashSet<Transaction> declared = [];
    private bool closed;

    public override void OnMessage(MessageContext messageContext)
    {
        object? body;
        try
        {
            body = ((IncomingMessage)messageContext.Message).Decode().Body;
        }
        catch (Exception exception)
            when (exception is AmqpException or InvalidCastException or ArgumentException or InvalidDataException)
        {
            messageContext.Complete(new Error(ErrorCode.DecodeError) { Description = "The request cannot be read." });
            return;
        }

        switch (body)
        {
            case Declare { GlobalId: null }:
                Begin(messageContext);
                break;
            case Declare:
                messageContext.Complete(
                    new Error(ErrorCode.NotImplemented)
                    {
                        Description = "Distributed transactions are not supported: declare one without a global id.",
                    }
                );
                break;
            case Discharge discharge:
                End(messageContext, discharge);
                break;
            default:
                messageContext.Complete(
                    new Error(ErrorCode.InvalidField)
                    {
                        Description = "The coordinator takes a declare or a discharge as the message's value.",
                    }
                );
                break;
        }
    }

    public override void OnFlow(FlowContext flowContext) { }

    public override void OnDisposition(DispositionContext dispositionContext) => dispositionContext.Complete();

    /// <summary>Nobody is left who could discharge what was declared here.</summary>
    public void Close()
    {
        List<Transaction> left;
        lock (gate)
        {
            closed = true;
            left = [.. declared];
            declared.Clear();
        }

        foreach (var transaction in left)
        {
            transactions.Remove(transaction);
            transaction.Rollback();
        }
    }

    private void Begin(MessageContext request)
    {
        var transaction = broker.Begin();
        lock (gate)
        {
            if (closed)
            {
                transaction.Rollback();
                return;
            }

            declared.Add(transaction);
            transactions.Add(transaction);
        }

        request.Link.DisposeMessage(request.Message, new Declared { TxnId = transaction.Id.ToByteArray() }, true);
        request.Message.Dispose();
    }

    private void End(MessageContext request, Discharge discharge)
    {
        var (transaction, refusal) = transactions.Find(discharge.TxnId);
        if (transaction is null)
        {
            request.Complete(refusal!.ToAmqp());
            return;
        }

        lock (gate)
        {
            declared.Remove(transaction);
        }

        transactions.Remove(transaction);
        if (discharge.Fail)
        {
            transaction.Rollback();
            Answer(request, null);
        }
        else
        {
            transaction.Commit(error => Answer(request, error));
        }
    }

    private static void Answer(MessageContext request, BrokerError? error)
    {
        try
        {
            if (error is null)
            {
                request.Complete();
            }
            else
            {
                request.Complete(error.ToAmqp());
            }
        }
        catch (Exception exception) when (LinkGone.Is(exception))
        {
            // Committed, but nobody is there to hear it; the client does not know which.
        }
    }
}
