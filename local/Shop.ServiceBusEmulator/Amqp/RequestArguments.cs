using System.Collections;
using System.Globalization;
using Amqp;
using Amqp.Types;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>Reads the arguments of a management request.</summary>
/// <exception cref="RequestException">Thrown by every method for what is missing or of the wrong kind.</exception>
internal sealed class RequestArguments(Map body)
{
    public string? String(string name) => body[name] as string;

    public string RequiredString(string name) =>
        String(name) ?? throw new RequestException($"'{name}' must be a string.");

    public byte[]? Binary(string name) =>
        body[name] switch
        {
            null => null,
            byte[] binary => binary,
            _ => throw new RequestException($"'{name}' must be binary."),
        };

    public DateTime Moment(string name) =>
        body[name] is DateTime moment ? moment : throw new RequestException($"'{name}' must be a timestamp.");

    public RequestArguments Nested(string name) =>
        NestedOrNull(name) ?? throw new RequestException($"'{name}' must be a map.");

    public RequestArguments? NestedOrNull(string name) => body[name] is Map map ? new RequestArguments(map) : null;

    public IReadOnlyDictionary<string, object?> Map(string name) => Properties.Of(body[name] as Map);

    public long Int64(string name) =>
        body[name] is IConvertible and not string
            ? Convert.ToInt64(body[name], CultureInfo.InvariantCulture)
            : throw new RequestException($"'{name}' must be a number.");

    public IReadOnlyList<long> SequenceNumbers() =>
        List("sequence-numbers")
            .Select(item =>
                item is long number ? number : throw new RequestException("'sequence-numbers' must hold long numbers.")
            )
            .ToList();

    public IReadOnlyList<Guid> LockTokens() =>
        List("lock-tokens")
            .Select(item => item is Guid token ? token : throw new RequestException("'lock-tokens' must hold UUIDs."))
            .ToList();

    public IReadOnlyList<MessageContent> Messages()
    {
        List<MessageContent> messages = [];
        foreach (var item in List("messages"))
        {
            var encoded =
                (item as Map)?["message"] as byte[]
                ?? throw new RequestException("Each of 'messages' must hold 'message' as binary.");
            try
            {
                messages.Add(WireBatch.Content(encoded));
            }
            catch (Exception exception) when (exception is AmqpException or InvalidCastException)
            {
                throw new RequestException($"A message cannot be read: {exception.Message}");
            }
        }

        return messages;
    }

    private List<object> List(string name)
    {
        var items =
            (body[name] as IEnumerable)?.Cast<object>().ToList()
            ?? throw new RequestException($"'{name}' must be a list.");
        return items.Count > 0 ? items : throw new RequestException($"'{name}' must not be empty.");
    }
}
