using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Shop.Catalog.Domain;
using Shop.Catalog.Messages;
using Shop.Messaging;

namespace Shop.Catalog.Data;

/// <summary>Fills an empty catalogue from <c>Seed/products.json</c>; announces the products like any others.</summary>
internal static class CatalogSeed
{
    private const string Resource = "Shop.Catalog.Data.Seed.products.json";

    /// <summary>Does nothing once there is any product, so that what was edited or deleted since stays so.</summary>
    public static async Task RunAsync(
        CatalogDbContext db,
        IServiceProvider services,
        CancellationToken cancellationToken
    )
    {
        if (await db.Products.AnyAsync(cancellationToken))
        {
            return;
        }

        var outbox = services.GetRequiredService<Outbox<CatalogDbContext>>();
        var now = services.GetRequiredService<TimeProvider>().GetUtcNow();
        foreach (var seeded in Read())
        {
            var product = Product.Create(seeded.Id, seeded.Details, now);
            db.Products.Add(product);
            db.StockLevels.Add(new StockLevel(product.Id, seeded.Stock, now));
            outbox.Add(ProductCreated.Of(product, seeded.Stock), product.Id.ToString());
        }

        await db.SaveChangesAsync(cancellationToken);
    }

    /// <summary>The products that come with the shop.</summary>
    public static IReadOnlyList<SeededProduct> Read()
    {
        using var stream = typeof(CatalogSeed).Assembly.GetManifestResourceStream(Resource)!;
        return JsonSerializer.Deserialize<SeededProduct[]>(stream, JsonSerializerOptions.Web)!;
    }
}

/// <summary>One entry of <c>Seed/products.json</c>; Inventory seeds the same ids with the same stock.</summary>
internal sealed record SeededProduct(
    Guid Id,
    string Name,
    string Description,
    decimal Price,
    string[] Categories,
    string? Image,
    int Stock
)
{
    public ProductDetails Details => new(Name, Description, Price, ProductRules.Currency, Categories, Image);
}
