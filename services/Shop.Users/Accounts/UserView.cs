using System.Linq.Expressions;
using Shop.Users.Domain;

namespace Shop.Users.Accounts;

/// <summary>A person as the API shows them: to themselves, and to administrators.</summary>
internal sealed record UserView(
    Guid Id,
    string Email,
    string Name,
    string? PhoneNumber,
    Preferences Preferences,
    IReadOnlyList<string> Roles,
    DateTimeOffset CreatedAt,
    DateTimeOffset UpdatedAt
)
{
    /// <summary>The same from the database.</summary>
    public static readonly Expression<Func<User, UserView>> FromUser = user => new UserView(
        user.Id,
        user.Email,
        user.Name,
        user.PhoneNumber,
        user.Preferences,
        user.Roles,
        user.CreatedAt,
        user.UpdatedAt
    );

    private static readonly Func<User, UserView> Convert = FromUser.Compile();

    /// <summary>The same from the aggregate.</summary>
    public static UserView Of(User user) => Convert(user);
}
