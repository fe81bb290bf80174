using System.Text.Json.Serialization;
using Shop.Ordering.Catalog;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Orders;

/// <summary>What an order would cost now.</summary>
/// <param name="Items">A line for each of the request's, in its order.</param>
/// <param name="Subtotal">Of the lines that can be ordered.</param>
/// <param name="Discount">What goes off the subtotal.</param>
/// <param name="DiscountRule">Why; left out when there is no discount.</param>
/// <param name="Tax">Zero as long as it is not known.</param>
/// <param name="TaxIsKnown">Whether the request named the region.</param>
/// <param name="Total">Without tax as long as it is not known.</param>
/// <param name="Currency">Null when no line can be ordered.</param>
internal sealed record QuoteResponse(
    IReadOnlyList<QuoteLine> Items,
    decimal Subtotal,
    decimal Discount,
    [property: JsonIgnore(Condition = JsonIgnoreCondition.WhenWritingNull)] DiscountRule? DiscountRule,
    decimal Tax,
    bool TaxIsKnown,
    decimal Total,
    string? Currency
)
{
    public static QuoteResponse Of(
        IReadOnlyList<QuoteLine> lines,
        Pricing pricing,
        bool taxIsKnown,
        string? currency
    ) => new(lines, pricing.Subtotal, pricing.Discount, pricing.Rule, pricing.Tax, taxIsKnown, pricing.Total, currency);
}

/// <summary>Whether a line of a quote can be ordered.</summary>
internal enum QuoteLineStatus
{
    /// <summary>It can be ordered.</summary>
    Available,

    /// <summary>It has a price, but there is less than was asked for.</summary>
    NotEnoughStock,

    /// <summary>The catalogue has removed the product.</summary>
    Discontinued,

    /// <summary>The catalogue has no such product.</summary>
    Unknown,
}

/// <summary>A line of a quote. A product that is not sold has no price and is not in the totals.</summary>
/// <param name="ProductId">The product.</param>
/// <param name="Name">Its name, or the last one it had; null when it is unknown.</param>
/// <param name="UnitPrice">What one costs now.</param>
/// <param name="Quantity">How many were asked for.</param>
/// <param name="LineTotal">What they cost together.</param>
/// <param name="Available">How many can be sold, as the catalogue last heard.</param>
/// <param name="Status">Whether it can be ordered.</param>
internal sealed record QuoteLine(
    Guid ProductId,
    string? Name,
    decimal? UnitPrice,
    int Quantity,
    decimal? LineTotal,
    int Available,
    QuoteLineStatus Status
)
{
    public static QuoteLine Of(
        OrderLineRequest line,
        IReadOnlyDictionary<Guid, OrderItem> items,
        IReadOnlyDictionary<Guid, CatalogProduct> products,
        IReadOnlyDictionary<Guid, string?> former
    )
    {
        var (id, quantity) = (line.ProductId!.Value, line.Quantity!.Value);
        if (items.GetValueOrDefault(id) is not { } item)
        {
            return former.TryGetValue(id, out var name)
                ? new(id, name, null, quantity, null, 0, QuoteLineStatus.Discontinued)
                : new(id, null, null, quantity, null, 0, QuoteLineStatus.Unknown);
        }

        var available = products[id].Available;
        var status = available >= quantity ? QuoteLineStatus.Available : QuoteLineStatus.NotEnoughStock;
        return new(id, item.Name, item.UnitPrice, quantity, item.LineTotal, available, status);
    }
}
