using Microsoft.AspNetCore.Identity;
using Microsoft.Extensions.Options;

namespace Shop.Users.SignIn;

/// <summary>
/// ASP.NET Core Identity's manager, but for the clock, and for what it does to somebody whose password is hashed anew. Who a
/// person is, is their aggregate's business: there are no validators for that here.
/// </summary>
internal sealed class CredentialManager(
    IUserStore<Credential> store,
    IOptions<IdentityOptions> options,
    IPasswordHasher<Credential> hasher,
    IEnumerable<IPasswordValidator<Credential>> rules,
    ILookupNormalizer normalizer,
    IdentityErrorDescriber errors,
    IServiceProvider services,
    ILogger<UserManager<Credential>> logger,
    TimeProvider time
) : UserManager<Credential>(store, options, hasher, [], rules, normalizer, errors, services, logger)
{
    /// <inheritdoc />
    public override async Task<bool> IsLockedOutAsync(Credential user) =>
        await GetLockoutEndDateAsync(user) > time.GetUtcNow();

    /// <summary>
    /// Another password and another security stamp, for somebody who has just proved that they have the old one. The base class
    /// would have it proved to itself once more, which is another slow hash.
    /// </summary>
    /// <returns>What is wrong with the password, if something is; or that somebody was quicker.</returns>
    public async Task<IdentityResult> SetPasswordAsync(Credential user, string newPassword)
    {
        var set = await UpdatePasswordHash(user, newPassword, validatePassword: true);
        return set.Succeeded ? await UpdateAsync(user) : set;
    }

    /// <inheritdoc />
    /// <remarks>
    /// With a hash of as many rounds as are wanted now, if it has fewer: here, since the base class would change the security
    /// stamp with it, and end the sessions of somebody who did nothing but sign in. Not for a locked account, whose right
    /// password must take no longer than a wrong one.
    /// </remarks>
    protected override async Task<PasswordVerificationResult> VerifyPasswordAsync(
        IUserPasswordStore<Credential> store,
        Credential user,
        string password
    )
    {
        var verdict = await base.VerifyPasswordAsync(store, user, password);
        if (verdict != PasswordVerificationResult.SuccessRehashNeeded)
        {
            return verdict;
        }

        if (!await IsLockedOutAsync(user))
        {
            var hash = PasswordHasher.HashPassword(user, password);
            await ((CredentialStore)store).RehashAsync(user, hash, CancellationToken);
        }

        return PasswordVerificationResult.Success;
    }
}
