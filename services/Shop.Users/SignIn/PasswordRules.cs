namespace Shop.Users.SignIn;

/// <summary>
/// What must hold for a password: long enough, and not what is known of its owner. No rules on kinds of characters, which
/// make passwords predictable rather than strong (NIST SP 800-63B, 3.1.1.2).
/// </summary>
internal static class PasswordRules
{
    public const int MinLength = 10;

    /// <summary>Nobody types more, and hashing should cost everybody the same.</summary>
    public const int MaxLength = 128;

    /// <returns>What is wrong, or null.</returns>
    public static string? Check(string? password, string email, string name) =>
        password is null || password.Length < MinLength ? $"must have at least {MinLength} characters"
        : password.Length > MaxLength ? $"must have at most {MaxLength} characters"
        : password.Distinct().Count() < 4 ? "must have at least 4 different characters"
        : Is(password, email) || Is(password, name) ? "must not be the e-mail address or the name"
        : null;

    private static bool Is(string password, string known) => password.Equals(known, StringComparison.OrdinalIgnoreCase);
}
