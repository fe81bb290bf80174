using System.Text.Json.Serialization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Data;
using Shop.Users.Data;
using Shop.Users.Domain;
using Shop.Users.Messages;

namespace Shop.Users.Accounts;

/// <summary>All the roles that somebody is to have.</summary>
[JsonUnmappedMemberHandling(JsonUnmappedMemberHandling.Disallow)]
internal sealed record RolesRequest(string?[]? Roles);

/// <summary><c>PUT /api/users/{id}/roles</c>: replaces somebody's roles. There is always an administrator left.</summary>
internal static class ChangeRoles
{
    public static async Task<Results<Ok<UserView>, ProblemHttpResult>> HandleAsync(
        Guid id,
        RolesRequest body,
        HttpContext http,
        UsersDbContext db,
        Outbox<UsersDbContext> outbox,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (body.Roles is not { } roles || !Roles.AreValid(roles))
        {
            return Problems.Validation(
                new Dictionary<string, string[]>
                {
                    ["roles"] = [$"must be at least one of {string.Join(", ", Roles.All)}, none of them twice"],
                }
            );
        }

        return await db.InTransactionAsync<Results<Ok<UserView>, ProblemHttpResult>>(
            async () =>
            {
                var locked = await LockAsync(db, id, cancellationToken);
                if (locked.Find(user => user.Id == id) is not { } user)
                {
                    return UserProblems.Unknown(id);
                }

                if (!UserTag.Allows(http.Request, user))
                {
                    return UserProblems.ChangedMeanwhile();
                }

                if (user.IsAdmin && !roles.Contains(Roles.Admin) && locked.Count(other => other.IsAdmin) == 1)
                {
                    return UserProblems.LastAdmin();
                }

                if (user.ChangeRoles(roles!, time.GetUtcNow()))
                {
                    outbox.Add(UserChanged.Of(user), user.Id.ToString());
                }

                UserTag.Write(http.Response, user);
                return TypedResults.Ok(UserView.Of(user));
            },
            cancellationToken
        );
    }

    // With all administrators locked, two of them cannot depose each other at the same moment. Always in the same order, so
    // that nobody waits for somebody who waits for them. What is read after that stays so.
    private static async Task<List<User>> LockAsync(UsersDbContext db, Guid id, CancellationToken cancellationToken)
    {
        var locked = await db
            .Database.SqlQuery<Guid>(
                $"select id from users where id = {id} or 'admin' = any(roles) order by id for update"
            )
            .ToListAsync(cancellationToken);
        return await db.Users.Where(user => locked.Contains(user.Id)).ToListAsync(cancellationToken);
    }
}
