namespace Shop.Ordering.Domain;

/// <summary>One line of an order, with the name and the price that Catalog gave when the order was placed.</summary>
internal sealed class OrderItem(int line, Guid productId, string name, decimal unitPrice, int quantity)
{
    public int Line { get; } = line;
    public Guid ProductId { get; } = productId;
    public string Name { get; } = name;
    public decimal UnitPrice { get; } = Money.RoundToCents(unitPrice);
    public int Quantity { get; } = quantity;
    public decimal LineTotal => UnitPrice * Quantity;
}
