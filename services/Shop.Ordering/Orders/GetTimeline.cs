using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;

namespace Shop.Ordering.Orders;

/// <summary>What an order's saga did, in the order in which it did it.</summary>
/// <param name="OrderId">The order.</param>
/// <param name="Status">Its status now.</param>
/// <param name="TraceId">For staff, to find the order's trace in the dashboard; null for others, and when it is not known.</param>
/// <param name="Items">The lines.</param>
internal sealed record TimelineResponse(
    Guid OrderId,
    OrderStatus Status,
    string? TraceId,
    IReadOnlyList<TimelineEntry> Items
);

/// <summary>A line of the timeline.</summary>
internal sealed record TimelineEntry(DateTimeOffset At, StepName Step, SagaEntryKind Kind, string Text)
{
    public static TimelineEntry Of(SagaEntry entry) => new(entry.At, entry.Step, entry.Kind, entry.Text);
}

/// <summary><c>GET /api/orders/{id}/timeline</c>, for a person to read.</summary>
internal static class GetTimeline
{
    public static async Task<IResult> HandleAsync(
        Guid id,
        ClaimsPrincipal user,
        OrderingDbContext db,
        CancellationToken cancellationToken
    )
    {
        var visible = db.Orders.VisibleTo(user).Where(order => order.Id == id);
        var saga = await db
            .Sagas.AsNoTracking()
            .Where(saga => visible.Any(order => order.Id == saga.OrderId))
            .Select(saga => new
            {
                saga.Order.Status,
                saga.TraceId,
                saga.Entries,
            })
            .SingleOrDefaultAsync(cancellationToken);
        return saga is null
            ? OrderProblems.OrderNotFound()
            : TypedResults.Ok(
                new TimelineResponse(
                    id,
                    saga.Status,
                    user.IsStaff() ? saga.TraceId : null,
                    [.. saga.Entries.Select(TimelineEntry.Of)]
                )
            );
    }
}
