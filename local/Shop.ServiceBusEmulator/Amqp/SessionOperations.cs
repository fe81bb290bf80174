using Amqp.Types;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>What <c>$management</c> does for the sessions of an entity.</summary>
internal sealed class SessionOperations(Entity entity)
{
    // To ask for the sessions that have messages, clients give the last moment there is.
    private static readonly DateTime WithMessages = DateTime.MaxValue.AddSeconds(-1);

    private readonly MessageQueue store = entity.Store;

    /// <summary>Answers if the operation is one about sessions.</summary>
    public bool TryHandle(string? operation, RequestArguments arguments, string? linkName, Action<Response> reply)
    {
        Action<RequestArguments, string?, Action<Response>>? handler = operation switch
        {
            "com.microsoft:renew-session-lock" => RenewLock,
            "com.microsoft:get-session-state" => GetState,
            "com.microsoft:set-session-state" => SetState,
            "com.microsoft:get-message-sessions" => List,
            _ => null,
        };
        if (handler is null)
        {
            return false;
        }

        if (!store.Settings.RequiresSession)
        {
            throw new RequestException($"'{entity.Name}' has no sessions.");
        }

        handler(arguments, linkName, reply);
        return true;
    }

    /// <summary>Messages of a session are settled and fetched by who holds it; null when that is so, or nothing to check.</summary>
    public BrokerError? RefusalFor(RequestArguments arguments, string? linkName)
    {
        if (!store.Settings.RequiresSession)
        {
            return null;
        }

        var id = arguments.String("session-id");
        return id is not null && store.IsSessionHeld(id, linkName) ? null : BrokerError.SessionLockLost;
    }

    private void RenewLock(RequestArguments arguments, string? linkName, Action<Response> reply) =>
        reply(
            store.RenewSessionLock(arguments.RequiredString("session-id"), linkName) is { } lockedUntil
                ? new(200, "OK", new Map { ["expiration"] = lockedUntil.UtcDateTime })
                : Response.Refusal(BrokerError.SessionLockLost)
        );

    private void GetState(RequestArguments arguments, string? linkName, Action<Response> reply) =>
        reply(
            RefusalFor(arguments, linkName) is { } refusal
                ? Response.Refusal(refusal)
                : new(
                    200,
                    "OK",
                    new Map { ["session-state"] = store.SessionState(arguments.RequiredString("session-id")) }
                )
        );

    private void SetState(RequestArguments arguments, string? linkName, Action<Response> reply)
    {
        var state = arguments.Binary("session-state");
        if (state?.Length > store.Settings.MaxMessageSize)
        {
            throw new RequestException(
                $"The session state (size:{state.Length}) exceeds the limit ({store.Settings.MaxMessageSize})."
            );
        }

        if (RefusalFor(arguments, linkName) is { } refusal)
        {
            reply(Response.Refusal(refusal));
            return;
        }

        store.SetSessionState(
            arguments.RequiredString("session-id"),
            state,
            error => reply(error is null ? new(200, "OK") : Response.Refusal(error))
        );
    }

    private void List(RequestArguments arguments, string? linkName, Action<Response> reply)
    {
        var updatedAfter = arguments.Moment("last-updated-time");
        var skip = (int)arguments.Int64("skip");
        var ids = store.ListSessions(
            updatedAfter >= WithMessages ? null : updatedAfter,
            skip,
            (int)arguments.Int64("top")
        );
        reply(
            ids.Count == 0
                ? new(204, "No sessions.")
                : new(200, "OK", new Map { ["skip"] = skip, ["sessions-ids"] = ids.ToArray() })
        );
    }
}
