namespace Shop.Inventory.Domain;

/// <summary>A number of units of one product.</summary>
internal sealed record StockQuantity(Guid ProductId, int Quantity);

/// <summary>A line of an order that cannot be served; a product nobody knows has nothing available.</summary>
internal sealed record Shortage(Guid ProductId, int Requested, int Available);
