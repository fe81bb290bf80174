using Amqp;
using Amqp.Types;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>An entity's <c>$management</c> node: what links cannot express.</summary>
internal sealed class ManagementEndpoint(
    ConnectionState connection,
    MessageBroker broker,
    Entity entity,
    TimeProvider time
) : RequestEndpoint(connection)
{
    private readonly RuleOperations rules = new(entity, time);
    private readonly MessageQueue store = entity.Store;
    private readonly SessionOperations sessions = new(entity);

    protected override void Handle(Asked request, Action<Response> reply)
    {
        var operation = request.Message.ApplicationProperties?["operation"] as string;
        var linkName = request.Message.ApplicationProperties?["associated-link-name"] as string;
        var body =
            request.Message.Body as Map
            ?? throw new RequestException("The body of a management request must be a map.");
        var arguments = new RequestArguments(body);
        switch (operation)
        {
            case "com.microsoft:schedule-message":
                Schedule(request, arguments, reply);
                break;
            case "com.microsoft:cancel-scheduled-message":
                CancelScheduled(request, arguments, reply);
                break;
            case "com.microsoft:peek-message":
                Peek(arguments, reply);
                break;
            case "com.microsoft:receive-by-sequence-number":
            case "com.microsoft:update-disposition":
                if (sessions.RefusalFor(arguments, linkName) is { } refusal)
                {
                    reply(Response.Refusal(refusal));
                }
                else if (operation == "com.microsoft:update-disposition")
                {
                    UpdateDisposition(request, arguments, reply);
                }
                else
                {
                    ReceiveDeferred(arguments, reply);
                }

                break;
            case "com.microsoft:renew-lock":
                RenewLocks(arguments, reply);
                break;
            case var _ when rules.TryHandle(operation, arguments, reply):
                break;
            case var _ when sessions.TryHandle(operation, arguments, linkName, reply):
                break;
            default:
                reply(
                    new(
                        501,
                        $"The operation '{operation}' is not supported on '{entity.Name}'.",
                        null,
                        ErrorCode.NotImplemented
                    )
                );
                break;
        }
    }

    private void Schedule(Asked request, RequestArguments arguments, Action<Response> reply)
    {
        if (!entity.CanSend)
        {
            throw new RequestException($"Messages cannot be sent to '{entity.Name}'.");
        }

        var messages = arguments.Messages();
        if (messages.FirstOrDefault(IsTooLarge) is { } large)
        {
            reply(
                new(
                    400,
                    $"The message (size:{large.Encoded.Length}) exceeds the limit ({store.Settings.MaxMessageSize}).",
                    null,
                    ErrorCode.MessageSizeExceeded
                )
            );
            return;
        }

        void Answer(IReadOnlyList<long> numbers, BrokerError? error) =>
            reply(
                error is null
                    ? new(200, "OK", new Map { ["sequence-numbers"] = numbers.ToArray() })
                    : Response.Refusal(error)
            );
        if (request.Transaction is { } transaction)
        {
            var refusal = transaction.Schedule(entity, request.Session, messages, out var reserved);
            Answer(reserved, refusal);
        }
        else
        {
            broker.Schedule(entity, messages, Answer);
        }
    }

    private void CancelScheduled(Asked request, RequestArguments arguments, Action<Response> reply)
    {
        var answer = Answer(reply);
        if (request.Transaction is { } transaction)
        {
            answer(transaction.CancelScheduled(entity, request.Session, arguments.SequenceNumbers()));
        }
        else
        {
            store.CancelScheduled(arguments.SequenceNumbers(), answer);
        }
    }

    private bool IsTooLarge(MessageContent message) => message.Encoded.Length > store.Settings.MaxMessageSize;

    private void Peek(RequestArguments arguments, Action<Response> reply)
    {
        var found = store.Peek(
            arguments.Int64("from-sequence-number"),
            (int)arguments.Int64("message-count"),
            arguments.String("session-id")
        );
        reply(
            found.Count == 0
                ? new(204, "No messages.")
                : new(200, "OK", ResponseBodies.Messages(found, withLockTokens: false))
        );
    }

    private void ReceiveDeferred(RequestArguments arguments, Action<Response> reply)
    {
        var mode = arguments.Int64("receiver-settle-mode") == 0 ? ReceiveMode.ReceiveAndDelete : ReceiveMode.PeekLock;
        store.ReceiveDeferred(
            arguments.SequenceNumbers(),
            arguments.String("session-id"),
            mode,
            (deliveries, error) =>
                reply(
                    error is null
                        ? new(
                            200,
                            "OK",
                            ResponseBodies.Messages(deliveries, withLockTokens: mode == ReceiveMode.PeekLock)
                        )
                        : Response.Refusal(error)
                )
        );
    }

    private void RenewLocks(RequestArguments arguments, Action<Response> reply)
    {
        if (store.Settings.RequiresSession)
        {
            throw new RequestException($"Messages of '{entity.Name}' are locked by their sessions: renew those.");
        }

        List<DateTime> expirations = [];
        foreach (var token in arguments.LockTokens())
        {
            if (store.RenewLock(token) is not { } lockedUntil)
            {
                reply(Response.Refusal(BrokerError.LockLost));
                return;
            }

            expirations.Add(lockedUntil.UtcDateTime);
        }

        reply(new(200, "OK", new Map { ["expirations"] = expirations.ToArray() }));
    }

    private void UpdateDisposition(Asked request, RequestArguments arguments, Action<Response> reply)
    {
        var changes = arguments.Map("properties-to-modify");
        var tokens = arguments.LockTokens();
        var kind = Kind(arguments.String("disposition-status"));
        if (request.Transaction is { } transaction)
        {
            var settlements = tokens
                .Select(token => new Settlement(store, token, kind)
                {
                    Properties = changes,
                    Reason = arguments.String("deadletter-reason"),
                    Description = arguments.String("deadletter-description"),
                })
                .ToList();
            Answer(reply)(transaction.Settle(entity, request.Session, settlements));
            return;
        }

        Outcome done = new Gather(tokens.Count, Answer(reply)).One;
        foreach (var token in tokens)
        {
            switch (kind)
            {
                case SettlementKind.Complete:
                    store.Complete(token, done);
                    break;
                case SettlementKind.Abandon:
                    store.Abandon(token, changes, done);
                    break;
                case SettlementKind.Defer:
                    store.Defer(token, changes, done);
                    break;
                case SettlementKind.DeadLetter:
                    store.DeadLetter(
                        token,
                        arguments.String("deadletter-reason"),
                        arguments.String("deadletter-description"),
                        changes,
                        done
                    );
                    break;
            }
        }
    }

    private static SettlementKind Kind(string? status) =>
        status switch
        {
            "completed" => SettlementKind.Complete,
            "abandoned" => SettlementKind.Abandon,
            "defered" => SettlementKind.Defer,
            "suspended" => SettlementKind.DeadLetter,
            _ => throw new RequestException($"'{status}' is no disposition status."),
        };

    private static Outcome Answer(Action<Response> reply) =>
        error => reply(error is null ? new(200, "OK") : Response.Refusal(error));
}
