using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Views;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Orders;

/// <summary>
/// <c>GET /api/orders?page=&amp;pageSize=</c>: the user's own orders, newest first.
/// <c>?all=true[&amp;status=&amp;q=&amp;placedAfter=&amp;placedBefore=]</c>: everybody's, for operators. Both read the views alone, which follow the orders
/// within moments.
/// </summary>
internal static class ListOrders
{
    /// <summary>
    /// A customer's orders are counted in the index, some microseconds each hundred. Nobody has more than this; if somebody
    /// does, <c>total</c> stays there.
    /// </summary>
    private const int MaxOwnCounted = 100_000;

    /// <summary>Operators' lists are counted no further; a work list that long is not worked through by pages.</summary>
    private const int MaxAllCounted = 10_000;

    /// <param name="user">Whose.</param>
    /// <param name="db">The views.</param>
    /// <param name="cancellationToken">Ends it.</param>
    /// <param name="page">Which page.</param>
    /// <param name="pageSize">The most orders of a page.</param>
    /// <param name="all">Everybody's orders, for operators.</param>
    /// <param name="status">With `all`: only those that are `Pending`, `Confirmed`, `Shipped`, `Delivered` or `Cancelled`.</param>
    /// <param name="q">With `all`: an order's id, its beginning of 8 characters or more, or a user's id.</param>
    /// <param name="placedAfter">With `all`: placed at this time (RFC 3339) or after it.</param>
    /// <param name="placedBefore">With `all`: placed before this time (RFC 3339).</param>
    public static async Task<IResult> HandleAsync(
        ClaimsPrincipal user,
        OrderingDbContext db,
        CancellationToken cancellationToken,
        int? page = null,
        int? pageSize = null,
        bool? all = null,
        string? status = null,
        string? q = null,
        string? placedAfter = null,
        string? placedBefore = null
    )
    {
        var errors = new Dictionary<string, string[]>();
        var paging = Paging.Of(page, pageSize, errors);
        var search = OrderSearch.Of(all is true, status, q, placedAfter, placedBefore, errors);
        if (errors.Count > 0)
        {
            return Problems.Validation(errors);
        }

        if (all is not true)
        {
            return TypedResults.Ok(await OwnAsync(db, user.GetUserId(), paging, cancellationToken));
        }

        return user.IsStaff()
            ? TypedResults.Ok(await AllAsync(db, search, paging, cancellationToken))
            : OrderProblems.Of(
                StatusCodes.Status403Forbidden,
                "operators-only",
                "Only operators see everybody's orders",
                "Leave out 'all' to get your own."
            );
    }

    private static async Task<Page<OrderSummary>> OwnAsync(
        OrderingDbContext db,
        Guid userId,
        Paging paging,
        CancellationToken cancellationToken
    )
    {
        var own = db.OrderViews.Where(view => view.UserId == userId && view.CreatedAt != null);
        var newest = own.OrderByDescending(view => view.CreatedAt).ThenByDescending(view => view.OrderId);
        return await PageAsync(db, newest, MaxOwnCounted, paging, cancellationToken);
    }

    private static async Task<Page<OrderSummary>> AllAsync(
        OrderingDbContext db,
        OrderSearch search,
        Paging paging,
        CancellationToken cancellationToken
    )
    {
        var views = search.In(db.OrderViews.Where(view => view.CreatedAt != null));
        // The ids begin with the time (UUIDv7).
        var newest = views.OrderByDescending(view => view.OrderId);
        return await PageAsync(db, newest, MaxAllCounted, paging, cancellationToken);
    }

    private static async Task<Page<OrderSummary>> PageAsync(
        OrderingDbContext db,
        IQueryable<OrderView> newest,
        int maxCounted,
        Paging paging,
        CancellationToken cancellationToken
    )
    {
        var counted = newest.Take(maxCounted);
        var (items, total) = await newest.SummariesAsync(counted, db, paging, cancellationToken);
        // An empty page says nothing of those before it.
        total ??= paging.Number == 1 ? 0 : await counted.CountAsync(cancellationToken);
        return new(items, paging.Number, paging.PageSize, total.Value);
    }
}
