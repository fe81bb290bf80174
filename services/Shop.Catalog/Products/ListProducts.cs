using System.Linq.Expressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Shop.Catalog.Domain;
using Shop.ServiceDefaults;

namespace Shop.Catalog.Products;

/// <summary>
/// <c>GET /api/products?page=&amp;pageSize=&amp;category=&amp;ids=</c>: products by name. <c>ids</c> (up to 100) makes it the batch
/// read for an order: one call and, unless asked otherwise, one page.
/// </summary>
internal static class ListProducts
{
    /// <param name="page">Which page.</param>
    /// <param name="pageSize">The most products of a page; 20 unless given, 100 with `ids`.</param>
    /// <param name="category">Only those of this category, such as `home-office`.</param>
    /// <param name="ids">Only these: up to 100 ids, separated by commas. What does not exist is left out.</param>
    /// <param name="products">Reads single products.</param>
    /// <param name="db">Reads lists of products.</param>
    /// <param name="cancellationToken">Ends it.</param>
    public static async Task<Results<Ok<Page<ProductView>>, ProblemHttpResult>> HandleAsync(
        int? page,
        int? pageSize,
        string? category,
        string? ids,
        ProductReader products,
        CatalogDbContext db,
        CancellationToken cancellationToken
    )
    {
        var query = new ProductQuery(page, pageSize, category, ids);
        if (query.Errors.Count > 0)
        {
            return Problems.Validation(query.Errors);
        }

        return TypedResults.Ok(
            query.Ids is { } wanted
                ? await BatchAsync(wanted, query, products, cancellationToken)
                : await ListAsync(query, db, cancellationToken)
        );
    }

    private static async Task<Page<ProductView>> BatchAsync(
        Guid[] ids,
        ProductQuery query,
        ProductReader products,
        CancellationToken cancellationToken
    )
    {
        var found = await products.FindAsync(ids.ToHashSet(), cancellationToken);
        var wanted = found
            .Whole()
            .Where(product => query.Category is null || product.Categories.Contains(query.Category))
            // ICU's root collation, which the database uses for the other lists, and then its order of what looks the same.
            .OrderBy(product => product.Name, StringComparer.InvariantCulture)
            .ThenBy(product => product.Name, StringComparer.Ordinal)
            .ThenBy(product => product.Id)
            .ToList();
        return PageOf(wanted.Skip(query.Skip).Take(query.PageSize), query, wanted.Count);
    }

    private static async Task<Page<ProductView>> ListAsync(
        ProductQuery query,
        CatalogDbContext db,
        CancellationToken cancellationToken
    )
    {
        Expression<Func<Product, bool>> fits = query.Category is { } category
            ? product => product.Categories.Contains(category)
            : product => true;
        var total = await db.Products.CountAsync(fits, cancellationToken);
        var found = await db.ListAsync(
            fits,
            products =>
                products
                    .OrderBy(product => product.Name)
                    .ThenBy(product => product.Id)
                    .Skip(query.Skip)
                    .Take(query.PageSize),
            cancellationToken
        );
        return PageOf(found, query, total);
    }

    private static Page<ProductView> PageOf(IEnumerable<ProductSnapshot> found, ProductQuery query, long total) =>
        new([.. found.Select(ProductView.Of)], query.Page, query.PageSize, total);
}
