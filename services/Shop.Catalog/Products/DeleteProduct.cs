using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Shop.Catalog.Messages;
using Shop.Messaging;

namespace Shop.Catalog.Products;

/// <summary><c>DELETE /api/products/{id}</c>: takes the product off the shelf if it still is what <c>If-Match</c> says.</summary>
internal static class DeleteProduct
{
    public static async Task<Results<NoContent, ProblemHttpResult>> HandleAsync(
        Guid id,
        HttpRequest request,
        CatalogDbContext db,
        Outbox<CatalogDbContext> outbox,
        CancellationToken cancellationToken
    )
    {
        if (!ProductTag.IsNamed(request))
        {
            return ProductProblems.PreconditionRequired();
        }

        if (await db.Products.SingleOrDefaultAsync(p => p.Id == id, cancellationToken) is not { } product)
        {
            return ProductProblems.NotFound(id);
        }

        if (!ProductTag.Matches(request, product))
        {
            return ProductProblems.PreconditionFailed();
        }

        db.Products.Remove(product);
        outbox.Add(ProductDeleted.Of(product), product.Id.ToString());
        try
        {
            await db.SaveChangesAsync(cancellationToken);
        }
        catch (DbUpdateConcurrencyException)
        {
            return ProductProblems.PreconditionFailed();
        }

        return TypedResults.NoContent();
    }
}
