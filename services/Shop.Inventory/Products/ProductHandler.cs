using Microsoft.EntityFrameworkCore;
using Shop.Inventory.Data;
using Shop.Messaging;

namespace Shop.Inventory.Products;

/// <summary>
/// Of Catalog's events of a product that is offered: that there is one, and what it is called, for staff to read. The rest of
/// it is not Inventory's.
/// </summary>
internal sealed record OfferedProduct(Guid ProductId, string? Name = null, int Version = 0)
{
    /// <summary>The type of the first event of a product.</summary>
    public const string CreatedType = "shop.catalog.product-created.v1";

    /// <summary>The type of the later ones.</summary>
    public const string ChangedType = "shop.catalog.product-changed.v1";
}

/// <summary>Of Catalog's event of a product that is offered no more.</summary>
internal sealed record RemovedProduct(Guid ProductId)
{
    /// <summary>The event's type.</summary>
    public const string Type = "shop.catalog.product-deleted.v1";
}

/// <summary>
/// Keeps a stock record for every product of the catalogue, empty until goods come in. Removal is for ever, so the record of
/// a removed product stays and says so, and an event that comes late changes nothing. Of two names the later one stays.
/// </summary>
internal sealed class ProductHandler(InventoryDbContext db)
    : IMessageHandler<OfferedProduct>,
        IMessageHandler<RemovedProduct>
{
    /// <inheritdoc />
    public async Task HandleAsync(OfferedProduct message, MessageContext context, CancellationToken cancellationToken)
    {
        await db.TakeTurnAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            with stocked as (
                insert into stock_items (product_id, available, reserved, version)
                values ({Known(message.ProductId)}, 0, 0, 0)
                on conflict (product_id) do nothing
            )
            insert into product_names as known (product_id, name, version)
            select {message.ProductId}, name, {message.Version} from (values ({message.Name}::text)) as told (name)
            where name is not null
            on conflict (product_id) do update set name = excluded.name, version = excluded.version
                where known.version < excluded.version
            """,
            cancellationToken
        );
    }

    /// <inheritdoc />
    public async Task HandleAsync(RemovedProduct message, MessageContext context, CancellationToken cancellationToken)
    {
        await db.TakeTurnAsync(cancellationToken);
        await db.Database.ExecuteSqlAsync(
            $"""
            insert into stock_items (product_id, available, reserved, version, is_discontinued)
            values ({Known(message.ProductId)}, 0, 0, 0, true)
            on conflict (product_id) do update set is_discontinued = true
            """,
            cancellationToken
        );
    }

    private static Guid Known(Guid productId) =>
        productId != Guid.Empty
            ? productId
            : throw new MessageRejectedException("InvalidProduct", "productId is missing.");
}
