using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;

namespace Shop.Users.SignIn;

/// <summary>
/// Gives somebody another password, and another security stamp, without which sessions, codes and refresh tokens are worth
/// nothing; and revokes all that was issued, so that it is seen to be.
/// </summary>
internal sealed class PasswordChange(
    CredentialManager users,
    IOpenIddictTokenManager tokens,
    IOpenIddictAuthorizationManager authorizations
)
{
    /// <param name="person">Somebody who has just proved that they have the current password.</param>
    /// <param name="newPassword">The next one.</param>
    /// <returns>What is wrong with it, if something is; or that somebody was quicker.</returns>
    public async Task<IdentityResult> TryAsync(Person person, string newPassword)
    {
        var subject = person.Id.ToString();
        var credential = await users.FindByIdAsync(subject);
        // What was proved was proved under that stamp.
        var changed =
            credential!.SecurityStamp == person.SecurityStamp
                ? await users.SetPasswordAsync(credential, newPassword)
                : IdentityResult.Failed(users.ErrorDescriber.ConcurrencyFailure());
        if (changed.Succeeded)
        {
            await authorizations.RevokeBySubjectAsync(subject, CancellationToken.None);
            await tokens.RevokeBySubjectAsync(subject, CancellationToken.None);
        }

        return changed;
    }
}
