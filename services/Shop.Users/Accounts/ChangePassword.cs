using System.Security.Claims;
using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.ServiceDefaults;
using Shop.Users.Data;
using Shop.Users.SignIn;

namespace Shop.Users.Accounts;

/// <summary>Somebody's password as it is, and as it is to be.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record PasswordRequest(string? CurrentPassword, string? NewPassword)
{
    /// <summary>Shows nothing of what it holds.</summary>
    public override string ToString() => nameof(PasswordRequest);
}

/// <summary>
/// <c>PUT /api/users/me/password</c>: another password. Whoever is signed in anywhere with the old one is signed in no more:
/// sessions end and refresh tokens are worth nothing. Wrong current passwords are counted as those of signing in are.
/// </summary>
internal static class ChangePassword
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        PasswordRequest body,
        ClaimsPrincipal caller,
        UsersDbContext db,
        PasswordCheck passwords,
        PasswordChange change,
        CancellationToken cancellationToken
    )
    {
        var id = caller.GetUserId();
        if (
            await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken) is not { } user
        )
        {
            return UserProblems.NoAccount();
        }

        if (await passwords.FindAsync(user.Email, body.CurrentPassword) is not { } person)
        {
            return Refused("currentPassword", "must be the current password of an account that is not locked");
        }

        var changed = await change.TryAsync(person, body.NewPassword ?? "");
        return changed.Succeeded ? TypedResults.NoContent()
            : changed.Errors.FirstOrDefault(error => error.Code == PasswordRules.Broken) is { } broken
                ? Refused("newPassword", broken.Description)
            : Refused("currentPassword", "has been changed meanwhile");
    }

    private static ProblemHttpResult Refused(string field, string rule) =>
        Problems.Validation(new Dictionary<string, string[]> { [field] = [rule] });
}
