namespace Shop.Notifications.Domain;

/// <summary>The way on which a notification goes.</summary>
internal enum Channel
{
    /// <summary>Not known yet, as the recipient is not; or none, as it is not sent.</summary>
    Undecided,
    Email,
    Sms,
    Push,
}
