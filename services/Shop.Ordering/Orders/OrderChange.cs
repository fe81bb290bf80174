using System.Security.Claims;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Saga;

namespace Shop.Ordering.Orders;

/// <summary>
/// Changes an order at somebody's request, while replies may move its saga and others may ask for other changes at the same
/// moment. The row versions decide who was first; the others look again at where the order stands then.
/// </summary>
internal sealed class OrderChange(OrderingDbContext db)
{
    private const int Attempts = 8;

    /// <summary>Answers with the order as it is after the change, or with the problem for which there was none.</summary>
    /// <param name="id">The order; it has to be the user's, or the user an operator.</param>
    /// <param name="user">The caller.</param>
    /// <param name="change">
    /// Changes the saga and its order, leaves them as they are when that has been done before, or returns why it cannot be.
    /// </param>
    /// <param name="cancellationToken">Ends it; nothing is changed then.</param>
    public async Task<IResult> ApplyAsync(
        Guid id,
        ClaimsPrincipal user,
        Func<SagaInstance, ProblemHttpResult?> change,
        CancellationToken cancellationToken
    )
    {
        for (var attempt = 1; ; attempt++)
        {
            if (await LoadAsync(id, user, cancellationToken) is not { } saga)
            {
                return OrderProblems.OrderNotFound();
            }

            if (change(saga) is { } problem)
            {
                return problem;
            }

            try
            {
                await db.SaveChangesAsync(cancellationToken);
                return TypedResults.Ok(OrderResponse.Of(saga.Order));
            }
            catch (DbUpdateConcurrencyException) when (attempt < Attempts)
            {
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
