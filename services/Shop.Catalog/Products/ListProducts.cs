using System.Linq.Expressions;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Shop.Catalog.Domain;
using Shop.ServiceDefaults;
using Shop.ServiceDefaults.Data;

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
                ? await BatchAsync(wanted, query, products, db, cancellationToken)
                : await ListAsync(query, db, cancellationToken)
        );
    }

    private static async Task<Page<ProductView>> BatchAsync(
        Guid[] ids,
        ProductQuery query,
        ProductReader products,
        CatalogDbContext db,
        CancellationToken cancellationToken
    )
    {
        var found = await products.FindAsync(ids.ToHashSet(), cancellationToken);
        var wanted = found
            .Whole()
            .Where(product => query.Category is null || product.Categories.Contains(query.Category))
            .ToDictionary(product => product.Id);
        var order = await OrderAsync(wanted, db, cancellationToken);
        return PageOf(order.Skip(query.Skip).Take(query.PageSize).Select(id => wanted[id]), query, wanted.Count);
    }

    /// <summary>The ids by name. The database sorts what comes from the cache, too: only it has the order of people.</summary>
    private static async Task<List<Guid>> OrderAsync(
        Dictionary<Guid, ProductSnapshot> products,
        CatalogDbContext db,
        CancellationToken cancellationToken
    )
    {
        if (products.Count < 2)
        {
            return [.. products.Keys];
        }

        Guid[] ids = [.. products.Keys];
        string[] names = [.. products.Values.Select(product => product.Name)];
        return await db
            .Database.SqlQuery<Named>($"SELECT id, name FROM unnest({ids}, {names}) AS named (id, name)")
            .OrderBy(product => EF.Functions.Collate(product.Name, Collations.People))
            .ThenBy(product => product.Id)
            .Select(product => product.Id)
            .ToListAsync(cancellationToken);
    }

    private sealed record Named(Guid Id, string Name);

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
