using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.ServiceDefaults;
using Shop.Users.Data;

namespace Shop.Users.Accounts;

/// <summary><c>GET /api/users/me</c>: one's own account; 304 when the caller has it already.</summary>
internal static class GetOwnAccount
{
    public static async Task<Results<Ok<UserView>, StatusCodeHttpResult, ProblemHttpResult>> HandleAsync(
        ClaimsPrincipal caller,
        HttpContext http,
        UsersDbContext db,
        CancellationToken cancellationToken
    )
    {
        var id = caller.GetUserId();
        var user = await db.Users.AsNoTracking().SingleOrDefaultAsync(user => user.Id == id, cancellationToken);
        if (user is null)
        {
            return UserProblems.NoAccount();
        }

        UserTag.Write(http.Response, user);
        http.Response.Headers.CacheControl = "private, no-cache";
        if (UserTag.IsKnown(http.Request, user))
        {
            return TypedResults.StatusCode(StatusCodes.Status304NotModified);
        }

        return TypedResults.Ok(UserView.Of(user));
    }
}
