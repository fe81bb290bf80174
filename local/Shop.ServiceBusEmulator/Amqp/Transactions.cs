using System.Collections.Concurrent;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Transactions;
using Shop.ServiceBusEmulator.Broker;
using Transaction = Shop.ServiceBusEmulator.Broker.Transaction;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>The transactions of one connection by their ids.</summary>
internal sealed class Transactions
{
    private readonly ConcurrentDictionary<Guid, Transaction> open = new();

    public void Add(Transaction transaction) => open[transaction.Id] = transaction;

    public void Remove(Transaction transaction) => open.TryRemove(transaction.Id, out var _);

    /// <summary>The transaction of that id; or why there is none.</summary>
    public (Transaction? Transaction, BrokerError? Refusal) Find(byte[]? id) =>
        id is { Length: 16 } && open.TryGetValue(new Guid(id), out var transaction)
            ? (transaction, null)
            : (
                null,
                new BrokerError(
                    BrokerErrorKind.UnknownTransaction,
                    $"There is no transaction with the id '{Convert.ToHexString(id ?? [])}': it was never declared on this connection, or is over. Begin a new one."
                )
            );

    /// <summary>The transaction that a transfer belongs to; none and no refusal when it belongs to none.</summary>
    public (Transaction? Transaction, BrokerError? Refusal) Of(MessageContext transfer) =>
        transfer.DeliveryState is TransactionalState state ? Find(state.TxnId) : (null, null);

    /// <summary>Answers a transfer that a transaction has taken, or has refused to.</summary>
    public static void Answer(MessageContext transfer, Transaction transaction, BrokerError? error)
    {
        try
        {
            if (error is not null)
            {
                transfer.Complete(error.ToAmqp());
                return;
            }

            transfer.Link.DisposeMessage(transfer.Message, StateOf(transaction, new Accepted()), true);
            transfer.Message.Dispose();
        }
        catch (Exception exception) when (LinkGone.Is(exception))
        {
            // The sender left without waiting for the answer; its transaction ends with its connection.
        }
    }

    public static TransactionalState StateOf(Transaction transaction, global::Amqp.Framing.Outcome outcome) =>
        new() { TxnId = transaction.Id.ToByteArray(), Outcome = outcome };
}
