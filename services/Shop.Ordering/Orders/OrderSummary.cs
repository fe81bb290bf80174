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

    /// <summary>
    /// A page of orders with their first lines, and how many orders there are on all pages, in one query whatever its size;
    /// the number is null when the page is empty.
    /// </summary>
    public static async Task<(List<OrderSummary> Items, int? Total)> SummariesAsync(
        this IQueryable<OrderView> ordered,
        IQueryable<OrderView> counted,
        OrderingDbContext db,
        Paging paging,
        CancellationToken cancellationToken
    )
    {
        // The rows that are skipped are skipped in the index, and only those of the page are fetched. The number does not depend
        // on the row, so it is counted once.
        var page = ordered.Select(view => view.OrderId).Skip(paging.Skip).Take(paging.PageSize);
        var rows = await db
            .OrderViews.Where(view => page.Contains(view.OrderId))
            .OrderByDescending(view => view.CreatedAt)
            .ThenByDescending(view => view.OrderId)
            .Select(view => new
            {
                View = view,
                Total = counted.Count(),
                Lines = db
                    .OrderItemViews.Where(item => item.OrderId == view.OrderId && item.Line <= Lines)
                    .OrderBy(item => item.Line)
                    .LeftJoin(
                        db.ProductViews,
                        item => item.ProductId,
                        product => product.ProductId,
                        (item, product) =>
                            new OrderSummaryLine(
                                item.ProductId,
                                item.Name,
                                item.UnitPrice,
                                item.Quantity,
                                product!.Image,
                                (bool?)product.Deleted ?? false
                            )
                    )
                    .ToList(),
            })
            .AsNoTracking()
            .ToListAsync(cancellationToken);
        List<OrderSummary> items =
        [
            .. rows.Select(row => new OrderSummary(
                row.View.OrderId,
                row.View.UserId,
                row.View.Status,
                row.View.ItemCount!.Value,
                row.Lines,
                row.View.Total!.Value,
                row.View.Currency!,
                row.View.CreatedAt!.Value,
                row.View.CancellationReason
            )),
        ];
        return (items, rows.Count > 0 ? rows[0].Total : null);
    }
}
