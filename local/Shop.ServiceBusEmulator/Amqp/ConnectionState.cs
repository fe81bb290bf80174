using System.Collections.Concurrent;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>What the emulator remembers about a connection: the tokens it brought, where replies go, its transactions.</summary>
internal sealed class ConnectionState(bool trusted)
{
    private const string Key = "shop";

    private readonly ConcurrentDictionary<string, DateTimeOffset> claims = new(StringComparer.OrdinalIgnoreCase);
    private readonly ConcurrentDictionary<string, ListenerLink> replyLinks = new(StringComparer.Ordinal);
    private readonly ConcurrentDictionary<Link, PendingAttach> pending = new();
    private readonly Dictionary<ushort, Session> sessions = [];

    public Transactions Transactions { get; } = new();

    /// <summary>The state of a connection; to be called on the connection's own thread only.</summary>
    public static ConnectionState Of(ListenerConnection connection)
    {
        if (connection.Properties.TryGetValue(Key, out var known))
        {
            return (ConnectionState)known;
        }

        // A principal is there when the connection authenticated with SASL PLAIN: no token is asked for then.
        var state = new ConnectionState(connection.Principal is not null);
        connection.Properties[Key] = state;
        return state;
    }

    /// <summary>A session is about to begin; to be called on the connection's own thread only.</summary>
    /// <remarks>
    /// The library gives a channel to the next session as soon as the client has ended the one before, while another thread
    /// may still have that one's answers to write. A begin ahead of them would end the connection.
    /// </remarks>
    public void Begin(Session session)
    {
        var channel = SessionInternals.Channel(session);
        if (sessions.TryGetValue(channel, out var ended))
        {
            SessionInternals.AwaitWritten(ended);
        }

        sessions[channel] = session;
    }

    public void Allow(TokenClaim claim) => claims[claim.Path] = claim.ExpiresAt;

    public bool IsAllowed(string path, DateTimeOffset now) =>
        trusted || claims.Any(claim => claim.Value > now && TokenClaim.Covers(claim.Key, path));

    public void AddReplyLink(IEnumerable<string?> names, ListenerLink link)
    {
        foreach (var name in names.OfType<string>())
        {
            replyLinks[name] = link;
        }
    }

    public void RemoveReplyLink(ListenerLink link)
    {
        foreach (var entry in replyLinks.Where(entry => entry.Value == link))
        {
            replyLinks.TryRemove(entry);
        }
    }

    public PendingAttach AddPending(ListenerLink link, Attach attach)
    {
        var added = new PendingAttach(link, attach);
        pending[link] = added;
        link.AddClosedCallback(
            (_, _) =>
            {
                added.Abandon();
                pending.TryRemove(link, out var _);
            }
        );
        return added;
    }

    /// <summary>
    /// The client takes back an attach that was not answered. The library knows a detach only after an answer: it gets one.
    /// </summary>
    public void Cancel(Link link)
    {
        if (pending.TryRemove(link, out var cancelled))
        {
            cancelled.Cancel();
        }
    }

    public ListenerLink? ReplyLink(string? name) =>
        name is not null && replyLinks.TryGetValue(name, out var link) ? link : null;
}
