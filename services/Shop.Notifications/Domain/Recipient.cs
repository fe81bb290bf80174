namespace Shop.Notifications.Domain;

/// <summary>Whom to tell, as Users last said.</summary>
internal sealed class Recipient
{
    public required Guid UserId { get; init; }

    public required string Email { get; init; }

    public required string Name { get; init; }

    public string? PhoneNumber { get; init; }

    public bool WantsEmail { get; init; }

    public bool WantsSms { get; init; }

    public bool WantsPush { get; init; }

    /// <summary>Users' version of this person; of two, the higher one counts.</summary>
    public long Version { get; init; }

    public DateTimeOffset UpdatedAt { get; init; }

    /// <summary>On which ways this person wants to hear of such a thing.</summary>
    public IReadOnlyList<Channel> ChannelsFor(NotificationKind kind) =>
        [.. ChannelsOf(kind).Where(channel => WhyNotBy(channel) is null)];

    /// <summary>Why nothing goes to this person on that way; null when it may.</summary>
    public string? WhyNotBy(Channel channel) =>
        channel switch
        {
            Channel.Email => WantsEmail ? null : "The recipient has turned e-mail off.",
            Channel.Sms when !WantsSms => "The recipient has turned SMS off.",
            Channel.Sms => PhoneNumber is null ? "The recipient has no phone number." : null,
            Channel.Push => WantsPush ? null : "The recipient has turned push off.",
            _ => throw new ArgumentOutOfRangeException(nameof(channel), channel, "Nothing is sent on no way."),
        };

    private static Channel[] ChannelsOf(NotificationKind kind) =>
        kind == NotificationKind.DeliveryNotification ? [Channel.Push] : [Channel.Email, Channel.Sms, Channel.Push];
}
