using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Transactions;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Connects an attaching link to its entity, <c>$management</c> or <c>$cbs</c>; or says why not.</summary>
internal sealed class LinkFactory(MessageBroker broker, SharedAccessKey key, TimeProvider time)
{
    private const int SendCredit = 1000;
    private const int RequestCredit = 100;

    /// <returns>False when the attach is answered later.</returns>
    /// <exception cref="AmqpException">The link is refused.</exception>
    public bool Attach(ListenerConnection connection, ListenerLink link, Attach attach)
    {
        var state = ConnectionState.Of(connection);
        if (attach.Target is Coordinator coordinator)
        {
            AttachCoordinator(state, link, coordinator);
            return true;
        }

        var address = Address(attach);
        if (address.Kind == NodeKind.Cbs)
        {
            AttachRequestNode(state, link, attach, new CbsEndpoint(state, key, time));
            return true;
        }

        Authorize(state, address);
        var entity = broker.Topology.Find(address.Path) ?? throw BrokerError.NotFound(address.Path).ToException();
        if (address.Kind == NodeKind.Management)
        {
            AttachRequestNode(state, link, attach, new ManagementEndpoint(state, broker, entity, time));
            EndWith(entity, null, link);
            return true;
        }

        if (entity.RefusalOf(sending: link.Role) is { } refusal)
        {
            throw refusal.ToException();
        }
        if (link.Role)
        {
            attach.MaxMessageSize = (ulong)entity.Store.Settings.MaxMessageSize;
            RequireThat(entity.CanSend, $"Messages cannot be sent to '{entity.Name}'.");
            Initialize(link, new SendEndpoint(broker, entity, state.Transactions), SendCredit);
            EndWith(entity, true, link);
            return true;
        }

        RequireThat(entity.CanReceive, $"'{entity.Name}' is a topic: messages are received from its subscriptions.");
        return AttachReceiver(state, link, attach, entity);
    }

    private void AttachCoordinator(ConnectionState state, ListenerLink link, Coordinator coordinator)
    {
        coordinator.Capabilities =
        [
            TxnCapabilities.LocalTransactions,
            TxnCapabilities.MultiTxnsPerSsn,
            TxnCapabilities.MultiSsnsPerTxn,
        ];
        var endpoint = new CoordinatorEndpoint(broker, state.Transactions);
        link.AddClosedCallback((_, _) => endpoint.Close());
        Initialize(link, endpoint, RequestCredit);
    }

    private static bool AttachReceiver(ConnectionState state, ListenerLink link, Attach attach, Entity entity)
    {
        var queue = entity.Store;
        var mode =
            attach.SndSettleMode == SenderSettleMode.Settled ? ReceiveMode.ReceiveAndDelete : ReceiveMode.PeekLock;
        if (SessionAttach.IsAskedFor(attach))
        {
            RequireThat(
                queue.Settings.RequiresSession,
                "A sessionful message receiver cannot be created on an entity that does not require sessions. Ensure RequiresSession is set to true when creating a Queue or Subscription to enable sessionful behavior."
            );
            var pending = SessionAttach.Start(state, link, attach, entity, mode);
            EndWith(entity, false, link, pending);
            return false;
        }

        RequireThat(
            !queue.Settings.RequiresSession,
            "It is not possible for an entity that requires sessions to create a non-sessionful message receiver."
        );
        var endpoint = new ReceiveEndpoint(link, entity, mode, state.Transactions);
        queue.Add(endpoint.Consumer);
        Initialize(link, endpoint, 0);
        EndWith(entity, false, link);
        return true;
    }

    /// <summary>The link ends when its entity is deleted, or is disabled for what the link does.</summary>
    private static void EndWith(Entity entity, bool? sending, ListenerLink link, PendingAttach? pending = null)
    {
        link.AddClosedCallback((_, _) => entity.RemoveLink(link));
        entity.AddLink(
            link,
            sending,
            error =>
            {
                if (pending?.Complete(error.ToAmqp()) != true)
                {
                    LinkGone.End(link, error.ToAmqp());
                }
            }
        );
    }

    private static NodeAddress Address(Attach attach)
    {
        var address = attach.Role ? (attach.Source as Source)?.Address : (attach.Target as Target)?.Address;
        return address is null
            ? throw AmqpErrors.Exception(ErrorCode.InvalidField, "The link has no address.")
            : NodeAddress.Parse(address);
    }

    private void Authorize(ConnectionState state, NodeAddress address)
    {
        var path = address.Kind == NodeKind.Management ? address.Path + "/$management" : address.Path;
        if (!state.IsAllowed(path, time.GetUtcNow()))
        {
            throw AmqpErrors.Exception(
                ErrorCode.UnauthorizedAccess,
                $"Unauthorized access. A valid token for '{address.Path}' is required: put one on $cbs first."
            );
        }
    }

    private static void AttachRequestNode(
        ConnectionState state,
        ListenerLink link,
        Attach attach,
        RequestEndpoint requests
    )
    {
        if (link.Role)
        {
            Initialize(link, requests, RequestCredit);
            return;
        }

        // Replies are sent settled: the requester has nothing to tell about them.
        attach.SndSettleMode = SenderSettleMode.Settled;
        Initialize(link, new ReplyEndpoint(state), 0);
        state.AddReplyLink([(attach.Target as Target)?.Address, attach.LinkName], link);
    }

    private static void Initialize(ListenerLink link, LinkEndpoint endpoint, uint credit) =>
        ListenerLinkInternals.Initialize(link, endpoint, credit);

    private static void RequireThat(bool condition, string otherwise)
    {
        if (!condition)
        {
            throw AmqpErrors.Exception(ErrorCode.NotAllowed, otherwise);
        }
    }
}
