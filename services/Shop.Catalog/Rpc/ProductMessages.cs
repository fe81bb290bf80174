using Shop.Catalog.Products;
using Shop.Catalog.Rpc.V1;

namespace Shop.Catalog.Rpc;

/// <summary>Products and money as gRPC carries them.</summary>
internal static class ProductMessages
{
    private const decimal NanosPerUnit = 1_000_000_000m;

    public static Product ToMessage(this ProductSnapshot product) =>
        new()
        {
            Id = product.Id.ToString(),
            Name = product.Name,
            Description = product.Description,
            Price = ToMoney(product.Price, product.Currency),
            Categories = { product.Categories },
            Image = product.Image ?? "",
            Stock = product.Stock,
            Version = product.Version,
            StockVersion = product.StockVersion,
        };

    private static Money ToMoney(decimal amount, string currency)
    {
        var units = decimal.Truncate(amount);
        return new Money
        {
            CurrencyCode = currency,
            Units = (long)units,
            Nanos = (int)((amount - units) * NanosPerUnit),
        };
    }
}
