using System.Security.Claims;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Orders;

/// <summary><c>POST /api/orders/{id}/deliver</c>, by an operator: the parcel has arrived. Idempotent.</summary>
internal static class DeliverOrder
{
    public static Task<IResult> HandleAsync(
        Guid id,
        ClaimsPrincipal user,
        OrderChange order,
        SagaEngine engine,
        CancellationToken cancellationToken
    ) =>
        order.ApplyAsync(
            id,
            user,
            saga =>
            {
                switch (saga.Order.Status)
                {
                    case OrderStatus.Delivered:
                        return null;
                    case OrderStatus.Shipped:
                        engine.Deliver(saga);
                        return null;
                    default:
                        return Problems.Conflict(
                            "order-not-deliverable",
                            $"The order is {saga.Order.Status}: only what was shipped can arrive."
                        );
                }
            },
            cancellationToken
        );
}
