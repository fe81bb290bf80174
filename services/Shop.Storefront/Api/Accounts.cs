namespace Shop.Storefront.Api;

/// <summary>One's own account.</summary>
public sealed record OwnAccount(
    Guid Id,
    string Email,
    string Name,
    string? PhoneNumber,
    NotificationPreferences Preferences
);

/// <summary>On which ways somebody wants to be told about orders.</summary>
public sealed record NotificationPreferences(bool Email, bool Sms, bool Push);

/// <summary>A message that was sent, will be, or was not.</summary>
public sealed record Notification(
    Guid Id,
    string Kind,
    string? Channel,
    string Status,
    Guid OrderId,
    string Subject,
    DateTimeOffset CreatedAt,
    DateTimeOffset DueAt,
    DateTimeOffset? SentAt
);
