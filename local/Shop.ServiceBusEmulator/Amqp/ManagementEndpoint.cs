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

    protected override void Handle(Message request, Action<Response> reply)
    {
        var operation = request.ApplicationProperties?["operation"] as string;
        var linkName = request.ApplicationProperties?["associated-link-name"] as string;
        var body = request.Body as Map ?? throw new RequestException("The body of a management request must be a map.");
        var arguments = new RequestArguments(body);
        switch (operation)
        {
            case "com.microsoft:schedule-message":
                Schedule(arguments, reply);
                break;
            case "com.microsoft:cancel-scheduled-message":
                store.CancelScheduled(arguments.SequenceNumbers(), Answer(reply));
                break;
            case "com.microsoft:peek-message":
                Peek(arguments, reply);
                break;
            case "com.microsoft:receive-by-sequence-number":
            case "com.microsoft:update-disposition":
                if (sessions.RefusalFor(arguments, linkName) is { } refusal)
                {
                    reply(Refusal(refusal));
                }
                else if (operation == "com.microsoft:update-disposition")
                {
                    UpdateDisposition(arguments, reply);
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

    private void Schedule(RequestArguments arguments, Action<Response> reply)
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

        broker.Schedule(
            entity,
            messages,
            (numbers, error) =>
                reply(
                    error is null
                        ? new(200, "OK", new Map { ["sequence-numbers"] = numbers.ToArray() })
                        : Refusal(error)
                )
        );
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
                        : Refusal(error)
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
                reply(Refusal(BrokerError.LockLost));
                return;
            }

            expirations.Add(lockedUntil.UtcDateTime);
        }

        reply(new(200, "OK", new Map { ["expirations"] = expirations.ToArray() }));
    }

    private void UpdateDisposition(RequestArguments arguments, Action<Response> reply)
    {
        var changes = arguments.Map("properties-to-modify");
        var tokens = arguments.LockTokens();
        Outcome done = new Gather(tokens.Count, Answer(reply)).One;
        var status = arguments.String("disposition-status");
        foreach (var token in tokens)
        {
            switch (status)
            {
                case "completed":
                    store.Complete(token, done);
                    break;
                case "abandoned":
                    store.Abandon(token, changes, done);
                    break;
                case "defered":
                    store.Defer(token, changes, done);
                    break;
                case "suspended":
                    store.DeadLetter(
                        token,
                        arguments.String("deadletter-reason"),
                        arguments.String("deadletter-description"),
                        changes,
                        done
                    );
                    break;
                default:
                    throw new RequestException($"'{status}' is no disposition status.");
            }
        }
    }

    private static Outcome Answer(Action<Response> reply) =>
        error => reply(error is null ? new(200, "OK") : Refusal(error));

    internal static Response Refusal(BrokerError error) =>
        new(AmqpErrors.StatusCode(error.Kind), error.Description, null, AmqpErrors.Condition(error.Kind));
}
