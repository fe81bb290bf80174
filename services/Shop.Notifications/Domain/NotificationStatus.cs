namespace Shop.Notifications.Domain;

/// <summary>How far a notification has come.</summary>
internal enum NotificationStatus
{
    /// <summary>The order is known and its customer is not yet: the events of two contexts come in any order.</summary>
    WaitingForRecipient,

    /// <summary>To be sent when it is due; after a failure, tried again.</summary>
    Pending,

    /// <summary>Accepted by the provider.</summary>
    Sent,

    /// <summary>Not sent because the recipient does not want it.</summary>
    Suppressed,

    /// <summary>Not sent because something that came later made it pointless.</summary>
    Cancelled,

    /// <summary>Given up; the reason says why. An operator can have it tried again.</summary>
    DeadLettered,
}
