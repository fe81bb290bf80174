namespace Shop.ServiceBusEmulator.Broker;

internal sealed partial class MessageQueue
{
    // There while the queue has sessions, or a state is left of the time when it had.
    private SessionTable? sessions;
    private List<Action>? afterRound;

    /// <summary>
    /// Locks a session for a consumer: the one that is named, or else the next one with messages that nobody works on, for
    /// which the consumer waits up to a limit.
    /// </summary>
    public void AcceptSession(Consumer consumer, string? sessionId, TimeSpan limit, Action<BrokerError?> done)
    {
        using var deliveries = new DeliveryRound(this);
        if (sessionId is null)
        {
            var request = new SessionRequest(consumer, done);
            Sessions.Add(request);
            request.Limit = time.CreateTimer(_ => GiveUp(request, limit), null, limit, Timeout.InfiniteTimeSpan);
            return;
        }

        var session = Sessions.FindOrAdd(sessionId);
        if (session.Holder is not null)
        {
            AfterRound(() =>
                done(
                    new(
                        BrokerErrorKind.SessionCannotBeLocked,
                        $"The requested session '{sessionId}' cannot be accepted. It may be locked by another receiver."
                    )
                )
            );
            return;
        }

        Lock(session, consumer);
        AfterRound(() => done(null));
    }

    /// <summary>Extends a session's lock by the lock duration from now; null when the link does not hold it any more.</summary>
    public DateTimeOffset? RenewSessionLock(string sessionId, string? linkName)
    {
        lock (gate)
        {
            if (Held(sessionId, linkName) is not { } session)
            {
                return null;
            }

            session.LockedUntil = time.GetUtcNow() + Settings.LockDuration;
            session.Expiry!.Change(Settings.LockDuration, Timeout.InfiniteTimeSpan);
            return session.LockedUntil;
        }
    }

    public bool IsSessionHeld(string sessionId, string? linkName)
    {
        lock (gate)
        {
            return Held(sessionId, linkName) is not null;
        }
    }

    public byte[]? SessionState(string sessionId)
    {
        lock (gate)
        {
            return sessions?.Find(sessionId)?.State;
        }
    }

    public void SetSessionState(string sessionId, byte[]? state, Outcome done) =>
        journal.Append(
            new JournalEntry([new SessionStateOperation(this, sessionId, state, time.GetUtcNow())], () => done(null))
        );

    /// <summary>The sessions whose state was set after a time; with null those that have messages.</summary>
    public IReadOnlyList<string> ListSessions(DateTimeOffset? updatedAfter, int skip, int top)
    {
        lock (gate)
        {
            return
            [
                .. (sessions?.All ?? [])
                    .Where(session => updatedAfter is { } after ? session.StateUpdatedAt > after : session.Messages > 0)
                    .Select(session => session.Id)
                    .Order(StringComparer.Ordinal)
                    .Skip(skip)
                    .Take(top),
            ];
        }
    }

    private SessionTable Sessions => sessions ??= new SessionTable();

    private void AfterRound(Action action) => (afterRound ??= []).Add(action);

    private MessageSession? Held(string sessionId, string? linkName) =>
        sessions?.Find(sessionId) is { Holder: { } holder } session
        && session.LockedUntil > time.GetUtcNow()
        && (linkName is null || holder.LinkName == linkName)
            ? session
            : null;

    private void Lock(MessageSession session, Consumer consumer)
    {
        session.Holder = consumer;
        session.LockedUntil = time.GetUtcNow() + Settings.LockDuration;
        session.Expiry = time.CreateTimer(
            _ => OnSessionDeadline(session, consumer),
            null,
            Settings.LockDuration,
            Timeout.InfiniteTimeSpan
        );
        consumer.Session = session;
        consumers.Add(consumer);
    }

    private void GiveUp(SessionRequest request, TimeSpan limit)
    {
        lock (gate)
        {
            if (sessions?.Remove(request) != true)
            {
                return;
            }
        }

        request.Limit!.Dispose();
        request.Done(
            new(
                BrokerErrorKind.Timeout,
                $"The operation did not complete within the allotted timeout of {limit}. The time allotted to this operation may have been a portion of a longer timeout."
            )
        );
    }

    /// <summary>Whoever held the session was too slow: its messages count as failed, and its link ends.</summary>
    private void OnSessionDeadline(MessageSession session, Consumer consumer)
    {
        using var deliveries = new DeliveryRound(this);
        if (session.Holder != consumer)
        {
            return;
        }

        var left = session.LockedUntil - time.GetUtcNow();
        if (left > TimeSpan.Zero)
        {
            session.Expiry!.Change(left, Timeout.InfiniteTimeSpan);
            return;
        }

        foreach (var message in Unlock(session))
        {
            message.Settling = true;
            Fail(message, null, static _ => { });
        }

        consumers.Remove(consumer);
        AfterRound(consumer.LoseSession);
    }

    /// <summary>The receiver has left: what it held is available at once, as if it had never been delivered.</summary>
    private void LeaveSession(Consumer consumer)
    {
        if (sessions?.RequestOf(consumer) is { } request)
        {
            sessions.Remove(request);
            request.Limit!.Dispose();
        }

        if (consumer.Session is { } session && session.Holder == consumer)
        {
            Unlock(session).ForEach(GiveBack);
        }
    }

    private List<StoredMessage> Unlock(MessageSession session)
    {
        session.Holder!.Credit = 0;
        session.Holder = null;
        session.LockedUntil = default;
        session.Expiry!.Dispose();
        var held = locked.Values.Where(message => message.Session == session).ToList();
        foreach (var message in held)
        {
            locked.Remove(message.LockToken);
            message.Unlock();
        }

        Sessions.Offer(session);
        Sessions.ForgetIfEmpty(session);
        return held;
    }

    /// <summary>A message that was not here before, or not in this run.</summary>
    private void AddNew(StoredMessage message)
    {
        if (!Settings.RequiresSession)
        {
            if (message.State == MessageState.Active)
            {
                ready.AddNew(message);
            }

            return;
        }

        // Without an id is only what was here before the configuration asked for sessions.
        var session = Sessions.FindOrAdd(message.Content.Properties.SessionId ?? "");
        message.Session = session;
        session.Messages++;
        if (message.State == MessageState.Active)
        {
            session.Ready.AddNew(message);
            Sessions.Offer(session);
        }
    }

    private void LeaveSession(StoredMessage message)
    {
        if (message.Session is { } session)
        {
            session.Messages--;
            Sessions.ForgetIfEmpty(session);
        }
    }

    private void AssignSessions()
    {
        while (Sessions.TryMatch(out var request, out var session))
        {
            request.Limit!.Dispose();
            Lock(session, request.Consumer);
            AfterRound(() => request.Done(null));
        }
    }
}
