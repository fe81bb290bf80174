using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Data;
using Shop.ServiceDefaults.Text;
using Shop.Users.Data;
using Shop.Users.Domain;

namespace Shop.Users.Accounts;

/// <summary><c>GET /api/users?q=&amp;page=&amp;pageSize=</c>: everybody, the newest first. For administrators.</summary>
internal static class ListUsers
{
    private const int MaxText = 200;

    /// <param name="page">Which page.</param>
    /// <param name="pageSize">The most people of a page.</param>
    /// <param name="q">Only people whose name or e-mail address has this text in it, or whose id it is.</param>
    /// <param name="db">The people.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Results<Ok<Page<UserView>>, ProblemHttpResult>> HandleAsync(
        int? page,
        int? pageSize,
        string? q,
        UsersDbContext db,
        CancellationToken cancellationToken
    )
    {
        var errors = new Dictionary<string, string[]>();
        var paging = Paging.Of(page, pageSize, errors);
        var text = UserText.Tidy(q);
        if (text.Length > 0 && UserText.WhyNot(text, MaxText) is { } rule)
        {
            errors["q"] = [UserText.Sentence(rule)];
        }

        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        // Ids are made in the order of time (UUIDv7), so their index is the one that is needed.
        var found = Find(db.Users.AsNoTracking(), text);
        var items = await found
            .OrderByDescending(user => user.Id)
            .Skip(paging.Skip)
            .Take(paging.PageSize)
            .Select(UserView.FromUser)
            .ToListAsync(cancellationToken);
        var total = await found.LongCountAsync(cancellationToken);
        return TypedResults.Ok(new Page<UserView>(items, paging.Number, paging.PageSize, total));
    }

    private static IQueryable<User> Find(IQueryable<User> users, string text)
    {
        if (text.Length == 0)
        {
            return users;
        }

        if (Guid.TryParse(text, out var id))
        {
            return users.Where(user => user.Id == id);
        }

        var pattern = $"%{text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_")}%";
        // With a locale of C, the database knows the case of ASCII letters only.
        return users.Where(user =>
            EF.Functions.ILike(EF.Functions.Collate(user.Name, Collations.People), pattern, @"\")
            || EF.Functions.ILike(EF.Functions.Collate(user.Email, Collations.People), pattern, @"\")
        );
    }
}
