using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Saga;

/// <summary>A saga that waits for an answer that should have come, or whose deadline should have ended the wait.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Step">The step whose answer is waited for.</param>
/// <param name="Since">When the answer was due.</param>
internal sealed record StuckSaga(Guid OrderId, StepName Step, DateTimeOffset Since);

/// <summary>Finds stuck sagas. Messages on their way, or a bus that is down for a moment, make none.</summary>
internal sealed class StuckSagas(OrderingDbContext db, TimeProvider time)
{
    /// <summary>How far past its deadline, or past the confirmation when the step has none, a saga counts as stuck.</summary>
    public static readonly TimeSpan Grace = TimeSpan.FromMinutes(1);

    /// <summary>Those of open orders, the longest stuck first.</summary>
    public Task<List<StuckSaga>> ListAsync(int limit, CancellationToken cancellationToken) =>
        Stuck()
            .OrderBy(saga => saga.Deadline ?? saga.EndedAt)
            .Take(limit)
            .Select(saga => new StuckSaga(saga.OrderId, saga.Step, (saga.Deadline ?? saga.EndedAt)!.Value))
            .ToListAsync(cancellationToken);

    /// <summary>How many there are.</summary>
    public Task<int> CountAsync(CancellationToken cancellationToken) => Stuck().CountAsync(cancellationToken);

    // The views have an index of what is open; an index of the sagas' own would have to be written at each step of each order.
    private IQueryable<SagaInstance> Stuck()
    {
        var due = time.GetUtcNow() - Grace;
        OrderStatus[] open = [OrderStatus.Pending, OrderStatus.Confirmed];
        return db
            .OrderViews.Where(view => open.Contains(view.Status))
            .Join(db.Sagas, view => view.OrderId, saga => saga.OrderId, (_, saga) => saga)
            .Where(saga =>
                (saga.Status == SagaStatus.Running && saga.Deadline < due)
                || (saga.Status == SagaStatus.Completed && saga.Step == StepName.Confirm && saga.EndedAt < due)
            );
    }
}
