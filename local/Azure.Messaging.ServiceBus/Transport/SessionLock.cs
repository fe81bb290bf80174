using Amqp.Framing;
using Amqp.Types;

namespace Azure.Messaging.ServiceBus.Transport;

/// <summary>Which session to lock: the one of that id, or the next that has messages. The broker waits that long for it.</summary>
internal sealed record SessionRequest(string? Id, TimeSpan Timeout)
{
    public static readonly Symbol Filter = "com.microsoft:session-filter";

    public void AddTo(Attach attach)
    {
        ((Source)attach.Source).FilterSet = new Map { [Filter] = Id };
        attach.Properties = new Fields
        {
            [(Symbol)"com.microsoft:timeout"] = (uint)Math.Min(Timeout.TotalMilliseconds, uint.MaxValue),
        };
    }
}

/// <summary>A session that a link holds, and until when unless it is renewed.</summary>
internal sealed class SessionLock(string id, DateTimeOffset lockedUntil)
{
    private static readonly Symbol LockedUntilProperty = "com.microsoft:locked-until-utc";

    public string Id { get; } = id;

    public DateTimeOffset LockedUntil { get; set; } = lockedUntil;

    /// <summary>What the broker's answer to the attach says.</summary>
    public static SessionLock From(Attach answer) =>
        new(
            (answer.Source as Source)?.FilterSet?[SessionRequest.Filter] switch
            {
                string id => id,
                DescribedValue { Value: string id } => id,
                _ => throw new ServiceBusException(
                    "The broker did not say which session it locked.",
                    ServiceBusFailureReason.GeneralError
                ),
            },
            answer.Properties?[LockedUntilProperty] is long ticks
                ? new DateTimeOffset(ticks, TimeSpan.Zero)
                : DateTimeOffset.MaxValue
        );

    public static ServiceBusException Lost() =>
        new(
            "The lock on the session was lost; accept the session again to go on with it.",
            ServiceBusFailureReason.SessionLockLost
        );
}
