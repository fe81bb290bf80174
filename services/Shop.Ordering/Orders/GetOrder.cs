using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;

namespace Shop.Ordering.Orders;

/// <summary><c>GET /api/orders/{id}</c>: one order, to its owner and to operators.</summary>
internal static class GetOrder
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        ClaimsPrincipal user,
        OrderingDbContext db,
        CancellationToken cancellationToken
    )
    {
        var order = await db
            .Orders.AsNoTracking()
            .VisibleTo(user)
            .Include(o => o.Items)
            .SingleOrDefaultAsync(o => o.Id == id, cancellationToken);
        return order is null ? OrderProblems.OrderNotFound() : TypedResults.Ok(OrderResponse.Of(order));
    }
}
