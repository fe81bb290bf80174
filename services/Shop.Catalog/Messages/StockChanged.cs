namespace Shop.Catalog.Messages;

/// <summary>What Catalog reads of Inventory's event <c>shop.inventory.stock-changed.v1</c>.</summary>
/// <param name="ProductId">Whose stock.</param>
/// <param name="Available">Pieces that can be sold.</param>
/// <param name="Version">Grows with every change of this product's stock.</param>
internal sealed record StockChanged(Guid ProductId, int Available, long Version);
