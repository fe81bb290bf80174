namespace Shop.Catalog.Domain;

/// <summary>Something the shop sells. How many pieces there are is Inventory's business (<see cref="StockLevel"/>).</summary>
internal sealed class Product
{
    private Product() { }

    public Guid Id { get; private init; }

    public string Name { get; private set; } = "";

    public string Description { get; private set; } = "";

    public decimal Price { get; private set; }

    public string Currency { get; private set; } = "";

    public List<string> Categories { get; private set; } = [];

    public string? Image { get; private set; }

    /// <summary>Counts the changes, from 1; readers of the events tell newer from older by it.</summary>
    public int Version { get; private set; }

    public DateTimeOffset CreatedAt { get; private init; }

    public DateTimeOffset UpdatedAt { get; private set; }

    public ProductDetails Details => new(Name, Description, Price, Currency, Categories, Image);

    /// <summary>A new product at version 1.</summary>
    /// <exception cref="ArgumentException">The details break a rule; callers check them first.</exception>
    public static Product Create(Guid id, ProductDetails details, DateTimeOffset now)
    {
        var product = new Product
        {
            Id = id,
            Version = 1,
            CreatedAt = now,
            UpdatedAt = now,
        };
        product.Take(details);
        return product;
    }

    /// <summary>Replaces the details and counts the version up; false, and nothing happened, when they are the same.</summary>
    /// <exception cref="ArgumentException">The details break a rule; callers check them first.</exception>
    public bool Change(ProductDetails details, DateTimeOffset now)
    {
        if (details == Details)
        {
            return false;
        }

        Take(details);
        Version++;
        UpdatedAt = now;
        return true;
    }

    private void Take(ProductDetails details)
    {
        if (ProductRules.Check(details) is { Count: > 0 } broken)
        {
            throw new ArgumentException(
                $"The product breaks a rule: {string.Join("; ", broken.Select(rule => $"{rule.Key} {rule.Value[0]}"))}.",
                nameof(details)
            );
        }

        Name = details.Name;
        Description = details.Description;
        Price = details.Price;
        Currency = details.Currency;
        Categories = [.. details.Categories];
        Image = details.Image;
    }
}
