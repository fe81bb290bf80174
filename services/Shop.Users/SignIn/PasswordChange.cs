using Microsoft.AspNetCore.Identity;
using OpenIddict.Abstractions;

namespace Shop.Users.SignIn;

/// <summary>
/// Gives somebody another password, and another security stamp, without which sessions, codes and refresh tokens are worth
/// nothing; and revokes all that was issued, so that it is seen to be.
/// </summary>
internal sealed class PasswordChange(
    UserManager<Credential> users,
    IOpenIddictTokenManager tokens,
    IOpenIddictAuthorizationManager authorizations
)
{
    /// <returns>What is wrong with it, if something is; or that somebody was quicker.</returns>
    public async Task<IdentityResult> TryAsync(Person person, string currentPassword, string newPassword)
    {
        var subject = person.Id.ToString();
        var credential = await users.FindByIdAsync(subject);
        var changed = await users.ChangePasswordAsync(credential!, currentPassword, newPassword);
        if (changed.Succeeded)
        {
            await authorizations.RevokeBySubjectAsync(subject, CancellationToken.None);
            await tokens.RevokeBySubjectAsync(subject, CancellationToken.None);
        }

        return changed;
    }
}
