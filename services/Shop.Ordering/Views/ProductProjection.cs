using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Ordering.Data;

namespace Shop.Ordering.Views;

/// <summary>Keeps <c>product_views</c> at what Catalog said last, by its versions.</summary>
internal sealed class ProductProjection(OrderingDbContext db)
    : IMessageHandler<OfferedProduct>,
        IMessageHandler<DeletedProduct>
{
    public Task HandleAsync(OfferedProduct product, MessageContext context, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO product_views AS view (product_id, name, price, currency, image, deleted, version)
            VALUES ({product.ProductId}, {product.Name}, {product.Price}, {product.Currency}, {product.Image}, false,
                {product.Version})
            ON CONFLICT (product_id) DO UPDATE
                SET name = excluded.name, price = excluded.price, currency = excluded.currency, image = excluded.image,
                    deleted = false, version = excluded.version
                WHERE view.version < excluded.version
            """,
            cancellationToken
        );

    public Task HandleAsync(DeletedProduct product, MessageContext context, CancellationToken cancellationToken) =>
        db.Database.ExecuteSqlAsync(
            $"""
            INSERT INTO product_views AS view (product_id, deleted, version)
            VALUES ({product.ProductId}, true, {product.Version})
            ON CONFLICT (product_id) DO UPDATE SET deleted = true, version = excluded.version
                WHERE view.version < excluded.version
            """,
            cancellationToken
        );
}
