using Microsoft.AspNetCore.Http.HttpResults;
using Shop.Catalog.Data;
using Shop.Catalog.Domain;
using Shop.Catalog.Messages;
using Shop.Messaging;
using Shop.ServiceDefaults;

namespace Shop.Catalog.Products;

/// <summary><c>POST /api/products</c>: a new product, without stock until Inventory says otherwise.</summary>
internal static class CreateProduct
{
    public static async Task<Results<Created<ProductView>, ProblemHttpResult>> HandleAsync(
        ProductBody body,
        HttpResponse response,
        CatalogDbContext db,
        Outbox<CatalogDbContext> outbox,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        var details = body.ToDetails();
        if (ProductRules.Check(details) is { Count: > 0 } broken)
        {
            return Problems.Validation(broken);
        }

        var now = time.GetUtcNow();
        var product = Product.Create(Guid.CreateVersion7(now), details, now);
        db.Products.Add(product);
        db.StockLevels.Add(new StockLevel(product.Id, available: 0, now));
        outbox.Add(ProductCreated.Of(product, stock: 0), product.Id.ToString());
        await db.SaveChangesAsync(cancellationToken);

        response.Headers.ETag = ProductTag.Of(product.Version, stockVersion: 0);
        return TypedResults.Created($"{ProductEndpoints.Path}/{product.Id}", ProductView.Of(product, stock: 0));
    }
}
