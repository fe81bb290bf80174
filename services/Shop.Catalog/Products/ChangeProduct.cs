using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Shop.Catalog.Domain;
using Shop.Catalog.Messages;
using Shop.Messaging;
using Shop.ServiceDefaults;

namespace Shop.Catalog.Products;

/// <summary><c>PUT /api/products/{id}</c>: replaces the product if it still is what <c>If-Match</c> says.</summary>
internal static class ChangeProduct
{
    public static async Task<Results<Ok<ProductView>, ProblemHttpResult>> HandleAsync(
        Guid id,
        ProductBody body,
        HttpContext http,
        CatalogDbContext db,
        Outbox<CatalogDbContext> outbox,
        TimeProvider time,
        CancellationToken cancellationToken
    )
    {
        if (!ProductTag.IsNamed(http.Request))
        {
            return ProductProblems.PreconditionRequired();
        }

        var details = body.ToDetails();
        if (ProductRules.Check(details) is { Count: > 0 } broken)
        {
            return Problems.Validation(broken);
        }

        var found = await db
            .Products.Where(p => p.Id == id)
            .Join(
                db.StockLevels,
                p => p.Id,
                stock => stock.ProductId,
                (p, stock) =>
                    new
                    {
                        Product = p,
                        stock.Available,
                        StockVersion = stock.Version,
                    }
            )
            .SingleOrDefaultAsync(cancellationToken);
        if (found is null)
        {
            return ProductProblems.NotFound(id);
        }

        var product = found.Product;
        if (!ProductTag.Matches(http.Request, product))
        {
            return ProductProblems.PreconditionFailed();
        }

        if (product.Change(details, time.GetUtcNow()))
        {
            outbox.Add(ProductChanged.Of(product), product.Id.ToString());
            try
            {
                await db.SaveChangesAsync(cancellationToken);
            }
            catch (DbUpdateConcurrencyException)
            {
                return ProductProblems.PreconditionFailed();
            }
        }

        http.Response.Headers.ETag = ProductTag.Of(product.Version, found.StockVersion);
        return TypedResults.Ok(ProductView.Of(product, found.Available));
    }
}
