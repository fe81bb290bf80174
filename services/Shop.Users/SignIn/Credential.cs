using Shop.Users.Domain;

namespace Shop.Users.SignIn;

/// <summary>
/// How a person proves who they are, and what ASP.NET Core Identity manages here: a row beside the person, which no event and
/// no answer ever shows.
/// </summary>
internal sealed class Credential
{
    private Credential() { }

    public Credential(User user)
    {
        UserId = user.Id;
        User = user;
    }

    public Guid UserId { get; private init; }

    public User User { get; private init; } = null!;

    /// <summary>In the format of ASP.NET Core Identity, which says how it was made.</summary>
    public string PasswordHash { get; set; } = "";

    /// <summary>Cookies and refresh tokens of another stamp are worth nothing.</summary>
    public string SecurityStamp { get; set; } = "";

    /// <summary>Wrong passwords since the last right one or the last lock.</summary>
    public int FailedAttempts { get; private set; }

    /// <summary>Until then no password is the right one.</summary>
    public DateTimeOffset? LockedUntil { get; private set; }
}
