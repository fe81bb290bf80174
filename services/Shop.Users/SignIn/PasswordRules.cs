using System.Globalization;
using Microsoft.AspNetCore.Identity;
using Shop.ServiceDefaults.Text;

namespace Shop.Users.SignIn;

/// <summary>
/// What must hold for a password: long enough, and not what is known of its owner. No rules on kinds of characters, which
/// make passwords predictable rather than strong (NIST SP 800-63B, 3.1.1.2).
/// </summary>
internal sealed class PasswordRules : IPasswordValidator<Credential>
{
    public const int MinLength = 10;

    /// <summary>Nobody types more, and hashing should cost everybody the same.</summary>
    public const int MaxLength = 128;

    /// <summary>The code of the error that says that a rule is broken.</summary>
    public const string Broken = nameof(PasswordRules);

    /// <returns>What is wrong, or null.</returns>
    public static string? Check(string? password, string email, string name) =>
        password is null || UserText.Length(password) < MinLength ? $"must have at least {MinLength} characters"
        : IsTooLong(password) ? $"must have at most {MaxLength} characters"
        : Characters(password).Distinct().Count() < 4 ? "must have at least 4 different characters"
        : Is(password, email) || Is(password, name) ? "must not be the e-mail address or the name"
        : null;

    /// <inheritdoc />
    public Task<IdentityResult> ValidateAsync(UserManager<Credential> manager, Credential user, string? password) =>
        Task.FromResult(
            Check(password, user.User.Email, user.User.Name) is { } broken
                ? IdentityResult.Failed(new IdentityError { Code = Broken, Description = broken })
                : IdentityResult.Success
        );

    /// <summary>Whether it is more than anybody's password can be.</summary>
    public static bool IsTooLong(string? password) => password is null || UserText.IsLongerThan(password, MaxLength);

    private static IEnumerable<string> Characters(string password)
    {
        var characters = StringInfo.GetTextElementEnumerator(password);
        while (characters.MoveNext())
        {
            yield return characters.GetTextElement();
        }
    }

    private static bool Is(string password, string known) =>
        UserText.Tidy(password).Equals(known, StringComparison.OrdinalIgnoreCase);
}
