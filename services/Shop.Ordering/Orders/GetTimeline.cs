using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;

namespace Shop.Ordering.Orders;

/// <summary>What an order's saga did, in the order in which it did it.</summary>
internal sealed record TimelineResponse(Guid OrderId, OrderStatus Status, IReadOnlyList<TimelineEntry> Items);

/// <summary>A line of the timeline.</summary>
internal sealed record TimelineEntry(DateTimeOffset At, StepName Step, SagaEntryKind Kind, string Text);

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
        var order = await db
            .Orders.AsNoTracking()
            .VisibleTo(user)
            .Where(o => o.Id == id)
            .Select(o => new { o.Status })
            .SingleOrDefaultAsync(cancellationToken);
        if (order is null)
        {
            return OrderProblems.OrderNotFound();
        }

        var entries = await db
            .SagaEntries.AsNoTracking()
            .Where(entry => entry.OrderId == id)
            .OrderBy(entry => entry.Id)
            .Select(entry => new TimelineEntry(entry.At, entry.Step, entry.Kind, entry.Text))
            .ToListAsync(cancellationToken);
        return TypedResults.Ok(new TimelineResponse(id, order.Status, entries));
    }
}
