using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;

namespace Shop.Ordering.Orders;

/// <summary>
/// <c>POST /api/orders/{id}/cancel</c>: takes an order back wherever it stands; stock and money follow. Idempotent.
/// </summary>
internal sealed class CancelOrder(OrderingDbContext db, SagaEngine engine)
{
    private const int Attempts = 5;

    public static async Task<IResult> HandleAsync(
        Guid id,
        ClaimsPrincipal user,
        CancelOrder useCase,
        CancellationToken cancellationToken
    )
    {
        var order = await useCase.CancelAsync(id, user, cancellationToken);
        return order is null ? OrderProblems.OrderNotFound() : TypedResults.Ok(OrderResponse.Of(order));
    }

    private async Task<Order?> CancelAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await LoadAsync(id, user, cancellationToken) is not { } saga)
            {
                return null;
            }

            engine.CancelByRequest(saga, Cancellation.ByCustomer);
            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return saga.Order;
            }
            catch (DbUpdateConcurrencyException) when (attempt < Attempts)
            {
                // A reply moved the saga meanwhile: look again at where it stands now.
                db.ChangeTracker.Clear();
            }
        }
    }

    private async Task<SagaInstance?> LoadAsync(Guid id, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var visible = db.Orders.VisibleTo(user).Where(order => order.Id == id);
        return await db
            .Sagas.Include(saga => saga.Order.Items)
            .Where(saga => visible.Any(order => order.Id == saga.OrderId))
            .SingleOrDefaultAsync(cancellationToken);
    }
}
