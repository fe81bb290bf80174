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
    public static async Task<Results<Ok<Page<ProductView>>, ProblemHttpResult>> HandleAsync(
        int? page,
        int? pageSize,
        string? category,
        string? ids,
        CatalogDbContext db,
        CancellationToken cancellationToken
    )
    {
        var query = new ProductQuery(page, pageSize, category, ids);
        if (query.Errors.Count > 0)
        {
            return Problems.Validation(query.Errors);
        }

        var products = Filter(db.Products.AsNoTracking(), query);
        var total = await products.CountAsync(cancellationToken);
        var rows = await products
            .Join(
                db.StockLevels,
                product => product.Id,
                stock => stock.ProductId,
                (product, stock) => new { product, stock.Available }
            )
            .OrderBy(row => row.product.Name)
            .ThenBy(row => row.product.Id)
            .Skip(query.Skip)
            .Take(query.PageSize)
            .ToListAsync(cancellationToken);

        return TypedResults.Ok(
            new Page<ProductView>(
                [.. rows.Select(row => ProductView.Of(row.product, row.Available))],
                query.Page,
                query.PageSize,
                total
            )
        );
    }

    private static IQueryable<Product> Filter(IQueryable<Product> products, ProductQuery query)
    {
        if (query.Ids is { } ids)
        {
            products = products.Where(product => ids.Contains(product.Id));
        }

        return query.Category is { } category
            ? products.Where(product => product.Categories.Contains(category))
            : products;
    }
}
