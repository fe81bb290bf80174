namespace Shop.Catalog.Messages;

/// <summary>What Catalog reads of Inventory's event when the stock of a product changed.</summary>
/// <param name="ProductId">Whose stock.</param>
/// <param name="Available">Pieces that can be sold.</param>
/// <param name="Version">Grows with every change of this product's stock.</param>
internal sealed record StockChanged(Guid ProductId, int Available, long Version)
{
    /// <summary>The message's type.</summary>
    public const string Type = "shop.inventory.stock-changed.v1";
}
