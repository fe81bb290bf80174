using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.Users.Data;
using Shop.Users.Domain;
using Shop.Users.Messages;

namespace Shop.Users.Accounts;

/// <summary>What every change of one's own account does: find it, hold it against <c>If-Match</c>, save it, announce it.</summary>
internal sealed class AccountChange(UsersDbContext db, Outbox<UsersDbContext> outbox, TimeProvider time)
{
    /// <summary>Changes the caller's account to what <paramref name="wanted"/> makes of it.</summary>
    public async Task<Results<Ok<UserView>, ProblemHttpResult>> ApplyAsync(
        HttpContext http,
        ClaimsPrincipal caller,
        Func<User, (string Name, string? PhoneNumber, Preferences Preferences)> wanted,
        CancellationToken cancellationToken
    )
    {
        var id = caller.GetUserId();
        if (await db.Users.SingleOrDefaultAsync(user => user.Id == id, cancellationToken) is not { } user)
        {
            return UserProblems.NoAccount();
        }

        if (!UserTag.Allows(http.Request, user))
        {
            return UserProblems.ChangedMeanwhile();
        }

        var (name, phoneNumber, preferences) = wanted(user);
        if (User.WhyNot(phoneNumber, preferences) is { } rule)
        {
            return UserProblems.PhoneNumberNeeded(rule);
        }

        if (user.Change(name, phoneNumber, preferences, time.GetUtcNow()))
        {
            outbox.Add(UserChanged.Of(user), user.Id.ToString());
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateConcurrencyException) when (http.Request.Headers.IfMatch.Count > 0)
            {
                return UserProblems.ChangedMeanwhile();
            }
        }

        UserTag.Write(http.Response, user);
        return TypedResults.Ok(UserView.Of(user));
    }
}
