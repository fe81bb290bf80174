using System.ComponentModel;
using System.Globalization;
using GraphQL;
using GraphQL.DataLoader;
using Microsoft.AspNetCore.WebUtilities;
using Shop.Gateway.Catalog;
using Shop.Gateway.Composition;
using Shop.ServiceDefaults;

namespace Shop.Gateway.GraphQL;

/// <summary>
/// What can be asked at <c>/graphql</c>. A method is a field; one that costs a call to a service weighs so much that a request
/// has room for 20 of them (<see cref="GraphQLSetup.MaxComplexity"/>).
/// </summary>
internal sealed class Query
{
    private const double Call = GraphQLSetup.MaxComplexity / 20;
    private const double BatchedCall = Call / 10;

    [Description("One product; null when none has the id.")]
    [Complexity(BatchedCall, 1)]
    public static IDataLoaderResult<ProductView?> Product(Guid id, [FromServices] ProductLoader products) =>
        products.Load(id);

    [Description("All products, oldest first, page by page.")]
    [Complexity(Call, 1)]
    public static async Task<ProductList> ProductsAsync(
        [FromServices] CatalogClient catalog,
        CancellationToken cancellationToken,
        [PageSize] int first = 20,
        string? after = null,
        string? category = null
    )
    {
        var page = await ServiceErrors.OrErrorAsync(() =>
            catalog.ListProductsAsync(category, first, after, cancellationToken)
        );
        return new ProductList(
            [.. page.Products.Select(ProductView.Of)],
            page.NextPageToken is "" ? null : page.NextPageToken
        );
    }

    [Description("Products that fit a text; forgives typos.")]
    [Complexity(Call, 1)]
    public static async Task<FoundProducts> SearchAsync(
        string text,
        [FromServices] ServiceReader services,
        CancellationToken cancellationToken,
        [PageSize] int first = 20,
        string? after = null,
        string? category = null,
        [Description("With after: the same as for the page before.")] SearchSort sort = SearchSort.Relevance
    )
    {
        var parameters = new Dictionary<string, string?>
        {
            ["q"] = text,
            ["cursor"] = after,
            ["category"] = category,
            ["sort"] = sort.ParameterValue(),
            ["pageSize"] = first.ToString(CultureInfo.InvariantCulture),
        };
        var path = QueryHelpers.AddQueryString("/api/search", parameters);
        var answer = await services.GetAsync<FoundProducts>("search", path, cancellationToken);
        return answer.OrError("search");
    }

    [Description("The caller's orders, newest first, each with its first five lines.")]
    [Complexity(Call, 1)]
    public static async Task<Page<Order>> OrdersAsync(
        [FromServices] ServiceReader services,
        CancellationToken cancellationToken,
        [PageSize] int first = 20,
        int page = 1
    )
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/api/orders?page={page}&pageSize={first}");
        var answer = await services.GetAsync<Page<Order>>("ordering", path, cancellationToken);
        return answer.OrError("ordering");
    }

    // It may have 100 lines, five times what a list inside counts for.
    [Description("One order with all its lines; null when it is not there for the caller.")]
    [Complexity(Call, 5)]
    public static async Task<Order?> OrderAsync(
        Guid id,
        [FromServices] ServiceReader services,
        CancellationToken cancellationToken
    )
    {
        var answer = await services.GetAsync<Order>("ordering", $"/api/orders/{id}", cancellationToken);
        return answer.OrNull("ordering") is { } order ? order with { ItemCount = order.Items.Count } : null;
    }

    [Description("The caller's invoices, newest first.")]
    [Complexity(Call, 1)]
    public static async Task<Page<Invoice>> InvoicesAsync(
        [FromServices] ServiceReader services,
        CancellationToken cancellationToken,
        [PageSize] int first = 20,
        int page = 1
    )
    {
        var path = string.Create(CultureInfo.InvariantCulture, $"/api/invoices?mine=true&page={page}&pageSize={first}");
        var answer = await services.GetAsync<Page<Invoice>>("billing", path, cancellationToken);
        return answer.OrError("billing");
    }
}

/// <summary>A page of all products.</summary>
/// <param name="Items">The products.</param>
/// <param name="NextCursor">For <c>after</c> of the next page; null on the last one.</param>
internal sealed record ProductList(IReadOnlyList<ProductView> Items, string? NextCursor);

/// <summary>A page of what a search found.</summary>
/// <param name="Items">The products.</param>
/// <param name="Total">How many there are on all pages.</param>
/// <param name="NextCursor">For <c>after</c> of the next page; null on the last one.</param>
internal sealed record FoundProducts(IReadOnlyList<ProductView> Items, long Total, string? NextCursor);
