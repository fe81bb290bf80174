namespace Shop.Inventory.Data;

/// <summary>
/// What Catalog calls a product, for staff to read. In a table of its own, since the row of the stock belongs to those who
/// buy.
/// </summary>
internal sealed class ProductName
{
    /// <summary>The product.</summary>
    public Guid ProductId { get; private set; }

    /// <summary>Its name.</summary>
    public string Name { get; private set; } = "";

    /// <summary>Catalog's version of the product; an older event changes nothing.</summary>
    public int Version { get; private set; }
}
