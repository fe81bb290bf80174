using System.Security.Claims;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Orders;

/// <summary>
/// <c>POST /api/orders/{id}/cancel</c>: takes an order back wherever it stands until it is shipped; stock and money follow.
/// Idempotent.
/// </summary>
internal static class CancelOrder
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
                if (saga.Order.HasLeft)
                {
                    return Problems.Conflict(
                        "order-not-cancellable",
                        $"The order is {saga.Order.Status}: what has left the house cannot be cancelled any more. Send it back instead."
                    );
                }

                engine.CancelByRequest(saga, Cancellation.ByCustomer);
                return null;
            },
            cancellationToken
        );
}
