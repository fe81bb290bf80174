using System.Security.Claims;
using Microsoft.AspNetCore.Authorization;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Notifications.Data;
using Shop.Notifications.Domain;
using Shop.ServiceDefaults;

namespace Shop.Notifications.Api;

/// <summary>
/// <c>GET /api/notifications?page=&amp;pageSize=&amp;status=&amp;mine=</c>: one's own, newest first. Operators see everybody's
/// unless they ask for <c>mine</c>, with what became of each: <c>status=DeadLettered</c> is what they have to look at.
/// </summary>
internal static class ListNotifications
{
    /// <param name="page">Which page.</param>
    /// <param name="pageSize">The most messages of a page.</param>
    /// <param name="status">Only those with this status, such as `Sent`.</param>
    /// <param name="mine">For operators: only their own.</param>
    /// <param name="caller">Whose.</param>
    /// <param name="authorization">Says whether that is an operator.</param>
    /// <param name="db">The messages.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Results<Ok<Page<NotificationView>>, ProblemHttpResult>> HandleAsync(
        int? page,
        int? pageSize,
        string? status,
        bool? mine,
        ClaimsPrincipal caller,
        IAuthorizationService authorization,
        NotificationsDbContext db,
        CancellationToken cancellationToken
    )
    {
        var errors = new Dictionary<string, string[]>();
        var paging = Paging.Of(page, pageSize, errors);
        var wanted = StatusOf(status, errors);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        var forOperator = (await authorization.AuthorizeAsync(caller, Policies.Operator)).Succeeded;
        var visible = db.Notifications.AsNoTracking();
        if (!forOperator || mine == true)
        {
            var userId = caller.GetUserId();
            visible = visible.Where(notification => notification.UserId == userId);
        }

        if (wanted is { } only)
        {
            visible = visible.Where(notification => notification.Status == only);
        }

        // Ids are made in the order of time (UUIDv7).
        var items = await visible
            .OrderByDescending(notification => notification.Id)
            .Skip(paging.Skip)
            .Take(paging.PageSize)
            .ToListAsync(cancellationToken);
        var total = await visible.LongCountAsync(cancellationToken);
        return TypedResults.Ok(
            new Page<NotificationView>(
                [.. items.Select(notification => NotificationView.Of(notification, forOperator))],
                paging.Number,
                paging.PageSize,
                total
            )
        );
    }

    // By name only: a number would be taken for any status, even for none.
    private static NotificationStatus? StatusOf(string? text, Dictionary<string, string[]> errors)
    {
        if (text is null)
        {
            return null;
        }

        var names = Enum.GetNames<NotificationStatus>();
        if (names.FirstOrDefault(name => name.Equals(text, StringComparison.OrdinalIgnoreCase)) is { } known)
        {
            return Enum.Parse<NotificationStatus>(known);
        }

        errors["status"] = [$"must be one of {string.Join(", ", names)}"];
        return null;
    }
}
