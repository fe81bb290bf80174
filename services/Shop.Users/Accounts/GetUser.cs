using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Users.Data;

namespace Shop.Users.Accounts;

/// <summary><c>GET /api/users/{id}</c>: anybody's account. For administrators.</summary>
internal static class GetUser
{
    public static async Task<Results<Ok<UserView>, ProblemHttpResult>> HandleAsync(
        Guid id,
        HttpResponse response,
        UsersDbContext db,
        CancellationToken cancellationToken
    )
    {
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);
        if (user is null)
        {
            return UserProblems.Unknown(id);
        }

        UserTag.Write(response, user);
        return TypedResults.Ok(UserView.Of(user));
    }
}
