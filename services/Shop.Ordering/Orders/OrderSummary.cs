using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Shop.Ordering.Data;
using Shop.Ordering.Domain;
using Shop.Ordering.Views;
using Shop.ServiceDefaults;

namespace Shop.Ordering.Orders;

/// <summary>An order in a list, with its first lines; how many it has in all says <see cref="ItemCount"/>.</summary>
internal sealed record OrderSummary(
    Guid Id,
    Guid UserId,
    OrderStatus Status,
    int ItemCount,
    IReadOnlyList<OrderSummaryLine> Items,
    decimal Total,
    string Currency,
    DateTimeOffset CreatedAt,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? CancellationReason
);

/// <summary>A line in a list: as it was ordered, with the image that the product has now.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Name">Its name when it was ordered.</param>
/// <param name="UnitPrice">Its price when it was ordered.</param>
/// <param name="Quantity">How many.</param>
/// <param name="Image">Where its image is, if it has one.</param>
/// <param name="Discontinued">Whether Catalog does not have it any more.</param>
internal sealed record OrderSummaryLine(
    Guid ProductId,
    string Name,
    decimal UnitPrice,
    int Quantity,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] string? Image,
    bool Discontinued
);

internal static class OrderSummaries
{
    /// <summary>How many lines of each order a list shows.</summary>
    public const int Lines = 5;

    /// <summary>A page of orders, in two queries whatever its size.</summary>
    public static async Task<List<OrderSummary>> SummariesAsync(
        this IQueryable<OrderView> ordered,
        OrderingDbContext db,
        Paging paging,
        CancellationToken cancellationToken
    )
    {
        // The rows that are skipped are skipped in the index, and only those of the page are fetched.
        var page = ordered.Select(view => view.OrderId).Skip(paging.Skip).Take(paging.PageSize);
        var views = await db
            .OrderViews.AsNoTracking()
            .Where(view => page.Contains(view.OrderId))
            .OrderByDescending(view => view.CreatedAt)
            .ThenByDescending(view => view.OrderId)
            .ToListAsync(cancellationToken);
        var lines = await LinesAsync([.. views.Select(view => view.OrderId)], db, cancellationToken);
        return
        [
            .. views.Select(view => new OrderSummary(
                view.OrderId,
                view.UserId,
                view.Status,
                view.ItemCount!.Value,
                [.. lines[view.OrderId]],
                view.Total!.Value,
                view.Currency!,
                view.CreatedAt!.Value,
                view.CancellationReason
            )),
        ];
    }

    private static async Task<ILookup<Guid, OrderSummaryLine>> LinesAsync(
        Guid[] orders,
        OrderingDbContext db,
        CancellationToken cancellationToken
    )
    {
        var lines = await db
            .OrderItemViews.Where(item => orders.Contains(item.OrderId) && item.Line <= Lines)
            .OrderBy(item => item.OrderId)
            .ThenBy(item => item.Line)
            .LeftJoin(
                db.ProductViews,
                item => item.ProductId,
                product => product.ProductId,
                (item, product) =>
                    new
                    {
                        item.OrderId,
                        Line = new OrderSummaryLine(
                            item.ProductId,
                            item.Name,
                            item.UnitPrice,
                            item.Quantity,
                            product!.Image,
                            (bool?)product.Deleted ?? false
                        ),
                    }
            )
            .ToListAsync(cancellationToken);
        return lines.ToLookup(line => line.OrderId, line => line.Line);
    }
}
