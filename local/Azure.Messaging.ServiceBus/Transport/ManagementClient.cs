using System.Collections;
using Amqp;
using Amqp.Framing;
using Amqp.Types;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>What an entity does on request: the operations of its <c>$management</c> node.</summary>
internal sealed class ManagementClient
{
    private const int NoContent = 204;

    private readonly string _entityPath;
    private readonly RetryPolicy _retry;
    private readonly ReceiveLink? _session;
    private readonly Reopenable<RequestLink> _link;

    /// <param name="connection">Whose it is.</param>
    /// <param name="entityPath">The entity.</param>
    /// <param name="retry">When to try again.</param>
    /// <param name="session">The link that holds the session which all requests are about, if there is one.</param>
    public ManagementClient(
        BrokerConnection connection,
        string entityPath,
        RetryPolicy retry,
        ReceiveLink? session = null
    )
    {
        _entityPath = entityPath;
        _retry = retry;
        _session = session;
        _link = new(
            async cancellationToken =>
            {
                var (session, _) = await connection
                    .OpenSessionAsync(entityPath, cancellationToken)
                    .ConfigureAwait(false);
                return await RequestLink
                    .OpenAsync(session, $"{entityPath}/$management", cancellationToken)
                    .ConfigureAwait(false);
            },
            link => link.IsOpen,
            link => link.CloseAsync()
        );
    }

    public async Task<IReadOnlyList<long>> ScheduleAsync(
        IReadOnlyList<(ServiceBusMessage Message, byte[] Encoded)> messages,
        CancellationToken cancellationToken
    )
    {
        var entries = new List<Map>();
        foreach (var (message, encoded) in messages)
        {
            var entry = new Map { ["message-id"] = message.MessageId, ["message"] = encoded };
            SetIfAny(entry, "session-id", message.SessionId);
            SetIfAny(entry, "partition-key", message.PartitionKey);
            SetIfAny(entry, "via-partition-key", message.TransactionPartitionKey);
            entries.Add(entry);
        }

        var response = await RequestAsync("schedule-message", new Map { ["messages"] = entries }, cancellationToken)
            .ConfigureAwait(false);
        return ((IEnumerable)response!["sequence-numbers"]).Cast<long>().ToArray();
    }

    public Task CancelScheduledAsync(long[] sequenceNumbers, CancellationToken cancellationToken) =>
        RequestAsync("cancel-scheduled-message", new Map { ["sequence-numbers"] = sequenceNumbers }, cancellationToken);

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> PeekAsync(
        long fromSequenceNumber,
        int maxMessages,
        CancellationToken cancellationToken
    )
    {
        var response = await RequestAsync(
                "peek-message",
                new Map { ["from-sequence-number"] = fromSequenceNumber, ["message-count"] = maxMessages },
                cancellationToken
            )
            .ConfigureAwait(false);
        return Messages(response, peeked: true);
    }

    public async Task<IReadOnlyList<ServiceBusReceivedMessage>> ReceiveDeferredAsync(
        long[] sequenceNumbers,
        ServiceBusReceiveMode mode,
        CancellationToken cancellationToken
    )
    {
        var response = await RequestAsync(
                "receive-by-sequence-number",
                new Map
                {
                    ["sequence-numbers"] = sequenceNumbers,
                    ["receiver-settle-mode"] = mode == ServiceBusReceiveMode.PeekLock ? 1u : 0u,
                },
                cancellationToken
            )
            .ConfigureAwait(false);
        return Messages(response, peeked: false);
    }

    public async Task<DateTimeOffset> RenewLockAsync(Guid lockToken, CancellationToken cancellationToken)
    {
        var response = await RequestAsync(
                "renew-lock",
                new Map { ["lock-tokens"] = new[] { lockToken } },
                cancellationToken
            )
            .ConfigureAwait(false);
        return Moment(((IEnumerable)response!["expirations"]).Cast<DateTime>().First());
    }

    /// <returns>Until when the session is locked now.</returns>
    public async Task<DateTimeOffset> RenewSessionLockAsync(CancellationToken cancellationToken)
    {
        var response = await RequestAsync("renew-session-lock", [], cancellationToken).ConfigureAwait(false);
        return Moment((DateTime)response!["expiration"]);
    }

    /// <returns>What was stored with the session; null when nothing is.</returns>
    public async Task<byte[]?> GetSessionStateAsync(CancellationToken cancellationToken)
    {
        var response = await RequestAsync("get-session-state", [], cancellationToken).ConfigureAwait(false);
        return response?["session-state"] as byte[];
    }

    public Task SetSessionStateAsync(byte[]? state, CancellationToken cancellationToken) =>
        RequestAsync("set-session-state", new Map { ["session-state"] = state }, cancellationToken);

    /// <summary>Settles a message whose link is gone, or that came without one.</summary>
    public Task SettleAsync(
        Guid lockToken,
        string status,
        IDictionary<string, object>? changes,
        string? deadLetterReason,
        string? deadLetterDescription,
        CancellationToken cancellationToken
    )
    {
        var request = new Map { ["disposition-status"] = status, ["lock-tokens"] = new[] { lockToken } };
        SetIfAny(request, "deadletter-reason", deadLetterReason);
        SetIfAny(request, "deadletter-description", deadLetterDescription);
        if (changes is { Count: > 0 })
        {
            var properties = new Map();
            foreach (var (name, value) in changes)
            {
                properties[name] = AmqpValues.ToAmqp(value);
            }

            request["properties-to-modify"] = properties;
        }

        return RequestAsync("update-disposition", request, cancellationToken);
    }

    public Task CloseAsync() => _link.CloseAsync();

    private static void SetIfAny(Map map, string name, object? value)
    {
        if (value is not null)
        {
            map[name] = value;
        }
    }

    private static DateTimeOffset Moment(DateTime utc) => new(DateTime.SpecifyKind(utc, DateTimeKind.Utc));

    private static ServiceBusReceivedMessage[] Messages(Map? response, bool peeked) =>
        response?["messages"] is not IEnumerable entries
            ? []
            :
            [
                .. entries
                    .Cast<Map>()
                    .Select(entry =>
                        MessageConverter.FromAmqp(
                            (byte[])entry["message"],
                            entry["lock-token"] as Guid? ?? Guid.Empty,
                            peeked
                        )
                    ),
            ];

    private Task<Map?> RequestAsync(string operation, Map body, CancellationToken cancellationToken) =>
        _retry.RunAsync(
            operation,
            _entityPath,
            async attempt =>
            {
                var link = await _link.GetAsync(attempt).ConfigureAwait(false);
                return Content(await link.SendAsync(Request(operation, body), attempt).ConfigureAwait(false));
            },
            cancellationToken
        );

    private Message Request(string operation, Map body)
    {
        var properties = new ApplicationProperties
        {
            ["operation"] = $"com.microsoft:{operation}",
            ["com.microsoft:server-timeout"] = (uint)Math.Min(_retry.TryTimeout.TotalMilliseconds, uint.MaxValue),
        };
        if (_session is { Session: { } session })
        {
            properties["associated-link-name"] = _session.Name;
            body["session-id"] = session.Id;
        }

        return new Message
        {
            ApplicationProperties = properties,
            BodySection = new AmqpValue { Value = body },
        };
    }

    private static Map? Content(Message response)
    {
        var answer = response.ApplicationProperties;
        return answer?["statusCode"] switch
        {
            NoContent => null,
            >= 200 and < 300 => response.Body as Map,
            var status => throw AmqpErrors.From(
                answer?["errorCondition"]?.ToString()
                    ?? status switch
                    {
                        401 => "amqp:unauthorized-access",
                        404 => "amqp:not-found",
                        408 => "com.microsoft:timeout",
                        410 => "com.microsoft:message-lock-lost",
                        503 => "com.microsoft:server-busy",
                        _ => null,
                    },
                answer?["statusDescription"]?.ToString()
            ),
        };
    }
}
