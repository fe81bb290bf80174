using Shop.Ordering.Catalog;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Orders;

/// <summary>Makes an order of a valid request and what Catalog says about its products.</summary>
internal static class NewOrder
{
    /// <summary>What speaks against ordering these products; empty when nothing does.</summary>
    public static List<Violation> Check(
        IReadOnlyList<OrderLineRequest?> lines,
        IReadOnlyDictionary<Guid, CatalogProduct> products
    )
    {
        List<Violation> violations =
        [
            .. lines
                .Index()
                .Where(line => !products.ContainsKey(line.Item!.ProductId!.Value))
                .Select(line => new Violation(
                    $"items[{line.Index}].productId",
                    "unknown-product",
                    "Catalog has no such product."
                )),
        ];
        if (violations.Count > 0)
        {
            return violations;
        }

        if (products.Values.Select(product => product.Currency).Distinct().Count() > 1)
        {
            violations.Add(new("items", "mixed-currencies", "All products of an order need the same currency."));
        }

        if (lines.Sum(Price) > Order.MaxSubtotal)
        {
            violations.Add(new("items", "order-too-large", $"An order is worth at most {Order.MaxSubtotal}."));
        }

        return violations;

        decimal Price(OrderLineRequest? line) => products[line!.ProductId!.Value].Price * line.Quantity!.Value;
    }

    /// <summary>The lines, with the names and prices of this moment.</summary>
    public static List<OrderItem> ItemsOf(
        IEnumerable<OrderLineRequest?> lines,
        IReadOnlyDictionary<Guid, CatalogProduct> products
    ) =>
        [
            .. lines.Select(
                (line, index) =>
                {
                    var product = products[line!.ProductId!.Value];
                    return new OrderItem(index + 1, product.Id, product.Name, product.Price, line.Quantity!.Value);
                }
            ),
        ];

    /// <summary>The order, with the names and prices of this moment.</summary>
    public static Order Of(
        Guid userId,
        PlaceOrderRequest request,
        Region region,
        IReadOnlyDictionary<Guid, CatalogProduct> products,
        DateTimeOffset now
    )
    {
        var items = ItemsOf(request.Items!, products);
        var address = request.ShippingAddress!;
        return Order.Place(
            Guid.CreateVersion7(now),
            userId,
            items,
            products[items[0].ProductId].Currency,
            new ShippingAddress(
                address.Name!,
                address.Street!,
                address.City!,
                address.PostalCode!,
                address.Region!,
                address.Country!
            ),
            region,
            request.PaymentMethod!,
            now
        );
    }
}
