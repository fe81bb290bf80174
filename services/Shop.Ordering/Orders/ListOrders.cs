using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Orders;

/// <summary>An order in a list.</summary>
internal sealed record OrderSummary(
    Guid Id,
    OrderStatus Status,
    int ItemCount,
    decimal Total,
    string Currency,
    DateTimeOffset CreatedAt,
    CancellationReason? CancellationReason
);

/// <summary><c>GET /api/orders?page=&amp;pageSize=</c>: the user's own orders, newest first.</summary>
internal static class ListOrders
{
    private const int MaxPageSize = 100;
    private const int MaxPage = 1_000_000;

    public static async Task<IResult> HandleAsync(
        ClaimsPrincipal user,
        OrderingDbContext db,
        CancellationToken cancellationToken,
        string? page = null,
        string? pageSize = null
    )
    {
        List<Violation> violations = [];
        var number = Read("page", page, 1, MaxPage, violations);
        var size = Read("pageSize", pageSize, 20, MaxPageSize, violations);
        if (violations.Count > 0)
        {
            return OrderProblems.Invalid(violations);
        }

        var userId = user.GetUserId();
        var own = db.Orders.AsNoTracking().Where(order => order.UserId == userId);
        var total = await own.LongCountAsync(cancellationToken);
        var items = await own.OrderByDescending(order => order.CreatedAt)
            .ThenByDescending(order => order.Id)
            .Skip((number - 1) * size)
            .Take(size)
            .Select(order => new OrderSummary(
                order.Id,
                order.Status,
                order.Items.Count,
                order.Total,
                order.Currency,
                order.CreatedAt,
                order.CancellationReason
            ))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(new Page<OrderSummary>(items, number, size, total));
    }

    private static int Read(string name, string? text, int fallback, int max, List<Violation> violations)
    {
        if (string.IsNullOrEmpty(text))
        {
            return fallback;
        }

        if (
            int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out var value)
            && value >= 1
            && value <= max
        )
        {
            return value;
        }

        violations.Add(new(name, "invalid-paging", $"Has to be between 1 and {max}."));
        return fallback;
    }
}
