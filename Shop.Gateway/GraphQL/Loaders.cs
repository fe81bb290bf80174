using Shop.Gateway.Catalog;
using Shop.Gateway.Composition;
using Shop.ServiceDefaults;

namespace Shop.Gateway.GraphQL;

/// <summary>The products of a request's order lines, with one gRPC call for each hundred.</summary>
internal sealed class ProductLoader(CatalogClient catalog) : BatchLoader<ProductView>(CatalogClient.MaxBatch)
{
    protected override async Task<IReadOnlyDictionary<Guid, ProductView>> ReadAsync(
        IReadOnlyList<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var found = await ServiceErrors.OrErrorAsync(() => catalog.GetProductsAsync(ids, cancellationToken));
        return found.Select(ProductView.Of).ToDictionary(product => product.Id);
    }
}

/// <summary>The invoices of a request's orders, as far as the caller may see them.</summary>
internal sealed class InvoiceLoader(ServiceReader services) : BatchLoader<Invoice>(MaxBatch)
{
    private const int MaxBatch = 100;

    protected override async Task<IReadOnlyDictionary<Guid, Invoice>> ReadAsync(
        IReadOnlyList<Guid> ids,
        CancellationToken cancellationToken
    )
    {
        var answer = await services.GetAsync<Page<Invoice>>(
            "billing",
            $"/api/invoices?orderIds={string.Join(',', ids)}&pageSize={MaxBatch}",
            cancellationToken
        );
        return answer.OrError("billing").Items.ToDictionary(invoice => invoice.OrderId);
    }
}
