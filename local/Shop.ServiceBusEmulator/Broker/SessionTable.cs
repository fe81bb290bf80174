using System.Diagnostics.CodeAnalysis;

namespace Shop.ServiceBusEmulator.Broker;

/// <summary>A receiver that waits for any session that has messages.</summary>
internal sealed class SessionRequest(Consumer consumer, Action<BrokerError?> done)
{
    public Consumer Consumer { get; } = consumer;
    public Action<BrokerError?> Done { get; } = done;

    /// <summary>Ends the wait.</summary>
    public ITimer? Limit { get; set; }
}

/// <summary>
/// The sessions of one queue by id, those with something to do in the order in which they got it, and the receivers that
/// wait for one. Used under the queue's lock.
/// </summary>
internal sealed class SessionTable
{
    private readonly Dictionary<string, MessageSession> sessions = new(StringComparer.Ordinal);
    private readonly Queue<MessageSession> offered = new();
    private readonly LinkedList<SessionRequest> requests = new();

    public IEnumerable<MessageSession> All => sessions.Values;

    public MessageSession? Find(string id) => sessions.GetValueOrDefault(id);

    public MessageSession FindOrAdd(string id)
    {
        if (!sessions.TryGetValue(id, out var session))
        {
            sessions.Add(id, session = new MessageSession(id));
        }

        return session;
    }

    /// <summary>A session that nothing is left of is forgotten.</summary>
    public void ForgetIfEmpty(MessageSession session)
    {
        if (session.IsEmpty)
        {
            sessions.Remove(session.Id);
        }
    }

    /// <summary>Puts a session in line if nobody works on it and there is something to do.</summary>
    public void Offer(MessageSession session)
    {
        if (!session.Offered && session.Holder is null && session.Ready.HasAny())
        {
            session.Offered = true;
            offered.Enqueue(session);
        }
    }

    public void Add(SessionRequest request) => requests.AddLast(request);

    /// <summary>Takes a request back; false when it is not waiting any more.</summary>
    public bool Remove(SessionRequest request) => requests.Remove(request);

    public SessionRequest? RequestOf(Consumer consumer) =>
        requests.FirstOrDefault(request => request.Consumer == consumer);

    /// <summary>The next receiver that waits, with a session for it.</summary>
    public bool TryMatch(
        [NotNullWhen(true)] out SessionRequest? request,
        [NotNullWhen(true)] out MessageSession? session
    )
    {
        (request, session) = (requests.First?.Value, null);
        while (request is not null && offered.TryDequeue(out session))
        {
            session.Offered = false;
            if (session.Holder is null && session.Ready.HasAny())
            {
                requests.RemoveFirst();
                return true;
            }
        }

        return false;
    }
}
