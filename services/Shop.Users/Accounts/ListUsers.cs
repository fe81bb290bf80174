using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.ServiceDefaults;
using Shop.Users.Data;

namespace Shop.Users.Accounts;

/// <summary><c>GET /api/users?page=&amp;pageSize=</c>: everybody, the newest first. For administrators.</summary>
internal static class ListUsers
{
    public static async Task<Results<Ok<Page<UserView>>, ProblemHttpResult>> HandleAsync(
        int? page,
        int? pageSize,
        UsersDbContext db,
        CancellationToken cancellationToken
    )
    {
        var errors = new Dictionary<string, string[]>();
        var paging = Paging.Of(page, pageSize, errors);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        // Ids are made in the order of time (UUIDv7), so their index is the one that is needed.
        var items = await db
            .Users.AsNoTracking()
            .OrderByDescending(user => user.Id)
            .Skip(paging.Skip)
            .Take(paging.PageSize)
            .Select(UserView.FromUser)
            .ToListAsync(cancellationToken);
        var total = await db.Users.LongCountAsync(cancellationToken);
        return TypedResults.Ok(new Page<UserView>(items, paging.Number, paging.PageSize, total));
    }
}
