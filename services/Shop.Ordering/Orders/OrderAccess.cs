using System.Security.Claims;
using Shop.Ordering.Domain;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Orders;

/// <summary>Who may see an order; part of the query, so that somebody else's order looks like none.</summary>
internal static class OrderAccess
{
    public static IQueryable<Order> VisibleTo(this IQueryable<Order> orders, ClaimsPrincipal user)
    {
        if (user.IsStaff())
        {
            return orders;
        }

        var userId = user.GetUserId();
        return orders.Where(order => order.UserId == userId);
    }

    public static bool IsStaff(this ClaimsPrincipal user) =>
        user.IsInRole(Policies.Operator) || user.IsInRole(Policies.Admin);
}
