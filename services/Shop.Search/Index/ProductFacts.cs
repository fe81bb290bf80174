namespace Shop.Search.Index;

/// <summary>What can be said of a product, wherever it comes from.</summary>
/// <param name="Id">Which product.</param>
/// <param name="Name">What it is called.</param>
/// <param name="Description">Plain text.</param>
/// <param name="Price">For one piece.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Categories">Slugs.</param>
/// <param name="Image">A file name, if there is an image.</param>
/// <param name="Version">The catalog's version of it.</param>
/// <param name="Stock">Pieces that can be sold.</param>
internal sealed record ProductFacts(
    Guid Id,
    string Name,
    string Description,
    decimal Price,
    string Currency,
    string[] Categories,
    string? Image,
    int Version,
    int Stock
);
