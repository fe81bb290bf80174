using Microsoft.AspNetCore.Identity;
using Shop.Users.Domain;

namespace Shop.Users.SignIn;

/// <summary>Somebody who has proved who they are, as tokens tell of them.</summary>
internal sealed record Person(Guid Id, string Email, string Name, string[] Roles, string SecurityStamp)
{
    public static Person Of(Credential credential) =>
        new(
            credential.UserId,
            credential.User.Email,
            credential.User.Name,
            credential.User.Roles,
            credential.SecurityStamp
        );
}

/// <summary>
/// Checks a password. An unknown address, a wrong password and a locked account get the same answer after the same work: one
/// query, one hash and one attempt to count a failure.
/// </summary>
/// <remarks>
/// Identity's own <c>SignInManager</c> looks whether an account is locked before it hashes, which can be told by the time, and
/// which lets guesses through that are made at once. Here a right password counts only if the account is not locked when the
/// hash is done; and those who sign in at once with the right password do not lock themselves out.
/// </remarks>
internal sealed class PasswordCheck(UserManager<Credential> users)
{
    // With a password that nobody knows, made the same way as all others.
    private static Credential? nobody;

    /// <returns>The person, or null: for whatever reason.</returns>
    public async Task<Person?> FindAsync(string? email, string? password)
    {
        // Made for whoever comes first, so that it cannot be seen for whom.
        nobody ??= Nobody();
        var credential = await users.FindByNameAsync(email ?? "") ?? nobody;
        // Nobody's password is empty.
        if (!await users.CheckPasswordAsync(credential, PasswordRules.IsTooLong(password) ? "" : password!))
        {
            await users.AccessFailedAsync(credential);
            return null;
        }

        if (await users.IsLockedOutAsync(credential))
        {
            return null;
        }

        await users.ResetAccessFailedCountAsync(credential);
        return Person.Of(credential);
    }

    /// <summary>The person as they are now, if what was issued under that stamp still holds.</summary>
    public async Task<Person?> ReloadAsync(Guid id, string? securityStamp) =>
        await users.FindByIdAsync(id.ToString()) is { } credential && credential.SecurityStamp == securityStamp
            ? Person.Of(credential)
            : null;

    private Credential Nobody()
    {
        var credential = new Credential(User.Register(Guid.Empty, "nobody@shop.invalid", "Nobody", default));
        credential.PasswordHash = users.PasswordHasher.HashPassword(credential, Guid.NewGuid().ToString());
        return credential;
    }
}
