using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Data;
using Shop.Catalog.Domain;
using Shop.Catalog.Products;
using Shop.Catalog.Rpc.V1;

namespace Shop.Catalog.Rpc;

/// <summary>Which products SearchProducts is asked for, checked. Pages begin after an id, so that none is read twice or left out.</summary>
internal sealed class ProductPage
{
    private const int MaxTextLength = 100;
    private const int MaxPageSize = 100;
    private const int DefaultPageSize = 20;

    private readonly string text;
    private readonly string category;
    private readonly int pageSize;
    private readonly Guid after;

    public ProductPage(SearchProductsRequest request)
    {
        text = request.Text;
        category = request.Category;
        pageSize = request.PageSize == 0 ? DefaultPageSize : request.PageSize;

        Demand(
            text.Length <= MaxTextLength && !text.Contains('\0'),
            "text",
            $"must have at most {MaxTextLength} characters and no NUL"
        );
        Demand(category.Length == 0 || ProductRules.IsCategory(category), "category", "must be a category's slug");
        Demand(pageSize is >= 1 and <= MaxPageSize, "page_size", $"must be from 1 to {MaxPageSize}");
        Demand(
            request.PageToken.Length == 0 || Guid.TryParseExact(request.PageToken, "N", out after),
            "page_token",
            "must be next_page_token of the page before"
        );
    }

    public Task<List<ProductSnapshot>> ReadAsync(CatalogDbContext db, CancellationToken cancellationToken)
    {
        var pattern = $"%{Escape(text)}%";
        return db.ListAsync(
            product =>
                product.Id > after
                && (category == "" || product.Categories.Contains(category))
                && (text == "" || EF.Functions.ILike(product.Name, pattern, @"\")),
            products => products.OrderBy(product => product.Id).Take(pageSize),
            cancellationToken
        );
    }

    /// <summary>The token of the page after this one; a full page may be followed by an empty one.</summary>
    public string TokenAfter(List<ProductSnapshot> found) => found.Count < pageSize ? "" : found[^1].Id.ToString("N");

    private static string Escape(string text) => text.Replace(@"\", @"\\").Replace("%", @"\%").Replace("_", @"\_");

    private static void Demand(bool holds, string field, string rule)
    {
        if (!holds)
        {
            throw RpcErrors.Invalid(field, rule);
        }
    }
}
