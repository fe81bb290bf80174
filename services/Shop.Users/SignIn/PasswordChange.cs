using Microsoft.AspNetCore.Identity;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using Shop.Users.Data;

namespace Shop.Users.SignIn;

/// <summary>
/// Gives somebody another password, and another security stamp, without which sessions, codes and refresh tokens are worth
/// nothing; and revokes all that was issued, so that it is seen to be.
/// </summary>
internal sealed class PasswordChange(
    UsersDbContext db,
    IPasswordHasher<Credential> hasher,
    IOpenIddictTokenManager tokens,
    IOpenIddictAuthorizationManager authorizations
)
{
    /// <returns>False when somebody was quicker.</returns>
    public async Task<bool> TryAsync(Person person, string password, CancellationToken cancellationToken)
    {
        var hash = hasher.HashPassword(null!, password);
        var stamp = Credential.NewStamp();
        var changed = await db
            .Credentials.Where(c => c.UserId == person.Id && c.SecurityStamp == person.SecurityStamp)
            .ExecuteUpdateAsync(
                set => set.SetProperty(c => c.PasswordHash, hash).SetProperty(c => c.SecurityStamp, stamp),
                cancellationToken
            );
        if (changed == 0)
        {
            return false;
        }

        var subject = person.Id.ToString();
        await authorizations.RevokeBySubjectAsync(subject, CancellationToken.None);
        await tokens.RevokeBySubjectAsync(subject, CancellationToken.None);
        return true;
    }
}
