namespace Shop.Catalog.Domain;

/// <summary>What an administrator says about a product; everything that one change replaces.</summary>
/// <param name="Name">What the product is called, in one line.</param>
/// <param name="Description">Plain text for the product's page.</param>
/// <param name="Price">For one piece, before discount and tax.</param>
/// <param name="Currency">ISO 4217.</param>
/// <param name="Categories">Slugs, the most important first.</param>
/// <param name="Image">A file name below the shop's product images, if there is one.</param>
internal sealed record ProductDetails(
    string Name,
    string Description,
    decimal Price,
    string Currency,
    IReadOnlyList<string> Categories,
    string? Image
)
{
    public bool Equals(ProductDetails? other) =>
        other is not null
        && Name == other.Name
        && Description == other.Description
        && Price == other.Price
        && Currency == other.Currency
        && Image == other.Image
        && Categories.SequenceEqual(other.Categories);

    public override int GetHashCode() => HashCode.Combine(Name, Description, Price, Currency, Image);
}
