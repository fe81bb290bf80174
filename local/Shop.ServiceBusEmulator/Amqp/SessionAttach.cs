using System.Globalization;
using Amqp;
using Amqp.Framing;
using Amqp.Listener;
using Amqp.Types;
using Shop.ServiceBusEmulator.Broker;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>
/// Attaches a receiving link to a session: the one that its filter names, or with an empty filter the next one. The answer
/// says which it is and until when it is locked.
/// </summary>
internal static class SessionAttach
{
    public static readonly Symbol Filter = "com.microsoft:session-filter";
    private static readonly Symbol LockedUntil = "com.microsoft:locked-until-utc";
    private static readonly Symbol Timeout = "com.microsoft:timeout";
    private static readonly TimeSpan DefaultLimit = TimeSpan.FromMinutes(1);
    private static readonly TimeSpan LongestLimit = TimeSpan.FromHours(1);

    // The client counts from before the attach was on its way: a little less, and it hears the reason in time.
    private static readonly TimeSpan Margin = TimeSpan.FromMilliseconds(70);

    public static bool IsAskedFor(Attach attach) => (attach.Source as Source)?.FilterSet?.ContainsKey(Filter) == true;

    public static PendingAttach Start(
        ConnectionState connection,
        ListenerLink link,
        Attach attach,
        Entity entity,
        ReceiveMode mode
    )
    {
        var source = (Source)attach.Source;
        var (id, limit) = (SessionId(source.FilterSet[Filter]), Limit(attach));
        var endpoint = new ReceiveEndpoint(link, entity, mode, connection.Transactions);
        var pending = connection.AddPending(link, attach);
        entity.Store.AcceptSession(
            endpoint.Consumer,
            id,
            limit,
            error =>
            {
                if (error is null)
                {
                    var session = endpoint.Consumer.Session!;
                    source.FilterSet = new Map { [Filter] = session.Id };
                    attach.Properties ??= new Fields();
                    attach.Properties[LockedUntil] = session.LockedUntil.UtcTicks;
                    // Credit that was given meanwhile counts.
                    ListenerLinkInternals.Initialize(link, endpoint, ListenerLinkInternals.Credit(link));
                }

                if (!pending.Complete(error?.ToAmqp()))
                {
                    endpoint.Consumer.Close();
                }
            }
        );
        return pending;
    }

    private static string? SessionId(object? filter) =>
        filter switch
        {
            DescribedValue described => SessionId(described.Value),
            null => null,
            string id => id,
            _ => throw AmqpErrors.Exception(ErrorCode.InvalidField, "The session filter must be a string or null."),
        };

    private static TimeSpan Limit(Attach attach)
    {
        if (attach.Properties?[Timeout] is not IConvertible value)
        {
            return DefaultLimit;
        }

        var limit = TimeSpan.FromMilliseconds(
            Math.Clamp(Convert.ToDouble(value, CultureInfo.InvariantCulture), 0, LongestLimit.TotalMilliseconds)
        );
        return limit > 2 * Margin ? limit - Margin : limit / 2;
    }
}
