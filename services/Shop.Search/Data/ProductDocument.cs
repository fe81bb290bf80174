using NpgsqlTypes;

namespace Shop.Search.Data;

/// <summary>
/// What search knows of a product. Written only by the statements of <see cref="Index.ProductIndex"/>, which hold each part
/// against its version, so that late and repeated news change nothing.
/// </summary>
internal sealed class ProductDocument
{
    private ProductDocument() { }

    public Guid ProductId { get; private init; }

    /// <summary>
    /// False for a product that was deleted, whose row stays so that no late event brings it back, and for one of which only
    /// the stock is known yet.
    /// </summary>
    public bool Listed { get; private init; }

    /// <summary>Sorts as people expect it.</summary>
    public string Name { get; private init; } = "";

    public string Description { get; private init; } = "";

    public decimal Price { get; private init; }

    public string Currency { get; private init; } = "";

    public List<string> Categories { get; private init; } = [];

    public string? Image { get; private init; }

    /// <summary>The catalog's version of all the above; 0 while nothing of it is known.</summary>
    public int Version { get; private init; }

    public int Available { get; private init; }

    /// <summary>Inventory's version of <see cref="Available"/>.</summary>
    public long StockVersion { get; private init; }

    /// <summary>When anybody last said that the product is as it is here.</summary>
    public DateTimeOffset ConfirmedAt { get; private init; }

    /// <summary>The folded name in letters and digits of ASCII, for typos. Made by the database.</summary>
    public string NameKey { get; private init; } = "";

    /// <summary>All words of the name as they are written, for beginnings. Made by the database.</summary>
    public NpgsqlTsVector NameWords { get; private init; } = null!;

    /// <summary>The stems of the words of name (weight A), categories (B) and description (C). Made by the database.</summary>
    public NpgsqlTsVector Words { get; private init; } = null!;
}
