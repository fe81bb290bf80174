using Shop.Users.Domain;

namespace Shop.Users.Messages;

/// <summary>Somebody has an account from now on. The whole person, so that readers need nothing else.</summary>
internal sealed record UserRegistered(
    Guid UserId,
    string Email,
    string Name,
    string? PhoneNumber,
    UserPreferences Preferences,
    IReadOnlyList<string> Roles,
    long Version
)
{
    public const string Type = "shop.users.user-registered.v1";

    public static UserRegistered Of(User user) =>
        new(
            user.Id,
            user.Email,
            user.Name,
            user.PhoneNumber,
            UserPreferences.Of(user.Preferences),
            user.Roles,
            user.Version
        );
}

/// <summary>The whole person as they are now; of several, the one with the highest version counts.</summary>
internal sealed record UserChanged(
    Guid UserId,
    string Email,
    string Name,
    string? PhoneNumber,
    UserPreferences Preferences,
    IReadOnlyList<string> Roles,
    long Version
)
{
    public const string Type = "shop.users.user-changed.v1";

    public static UserChanged Of(User user) =>
        new(
            user.Id,
            user.Email,
            user.Name,
            user.PhoneNumber,
            UserPreferences.Of(user.Preferences),
            user.Roles,
            user.Version
        );
}

/// <summary>The preferences as the events tell them.</summary>
internal sealed record UserPreferences(bool Email, bool Sms, bool Push)
{
    public static UserPreferences Of(Preferences preferences) =>
        new(preferences.Email, preferences.Sms, preferences.Push);
}
