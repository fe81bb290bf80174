using System.Text;
using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Shop.Users.SignIn;

/// <summary>
/// Hashes passwords in NFKC (NIST SP 800-63B, 3.1.1.2): the same password, typed on another keyboard, may have other code
/// points.
/// </summary>
internal sealed class NormalizedPasswordHasher(IOptions<PasswordHasherOptions> options)
    : PasswordHasher<Credential>(options)
{
    /// <inheritdoc />
    public override string HashPassword(Credential user, string password) =>
        base.HashPassword(user, Normalize(password));

    /// <inheritdoc />
    public override PasswordVerificationResult VerifyHashedPassword(
        Credential user,
        string hashedPassword,
        string providedPassword
    ) => base.VerifyHashedPassword(user, hashedPassword, Normalize(providedPassword));

    private static string Normalize(string password)
    {
        try
        {
            return password.Normalize(NormalizationForm.FormKC);
        }
        catch (ArgumentException)
        {
            return password; // half of a surrogate pair, which no keyboard sends
        }
    }
}
