using System.Security.Cryptography;

namespace Shop.Users.SignIn;

/// <summary>How a person proves who they are: a row beside the person, which no event and no answer ever shows.</summary>
internal sealed class Credential
{
    private Credential() { }

    public Credential(Guid userId, string passwordHash)
    {
        UserId = userId;
        PasswordHash = passwordHash;
        SecurityStamp = NewStamp();
    }

    public Guid UserId { get; private init; }

    /// <summary>In the format of ASP.NET Core Identity, which says how it was made.</summary>
    public string PasswordHash { get; private set; } = "";

    /// <summary>Cookies and refresh tokens of another stamp are worth nothing.</summary>
    public string SecurityStamp { get; private set; } = "";

    /// <summary>Wrong passwords since the last right one or the last lock.</summary>
    public int FailedAttempts { get; private set; }

    /// <summary>Until then no password is the right one.</summary>
    public DateTimeOffset? LockedUntil { get; private set; }

    public static string NewStamp() => RandomNumberGenerator.GetHexString(32);
}
