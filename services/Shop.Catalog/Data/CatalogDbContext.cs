using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.Catalog.Domain;
using Shop.Messaging;
using Shop.ServiceDefaults.Data;

namespace Shop.Catalog.Data;

/// <summary>The catalogue's own database: products, the stock last told by Inventory, outbox and inbox.</summary>
internal sealed class CatalogDbContext(DbContextOptions<CatalogDbContext> options) : DbContext(options)
{
    public DbSet<Product> Products => Set<Product>();

    public DbSet<StockLevel> StockLevels => Set<StockLevel>();

    /// <summary>
    /// Products that this unit of work changes; they leave the cache when it is committed. What is tracked gets here by
    /// itself. Some that stay behind after a rollback would only leave the cache for nothing.
    /// </summary>
    public HashSet<Guid> Touched { get; } = [];

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessaging();
        modelBuilder.Entity<Product>(MapProduct);
        modelBuilder.Entity<StockLevel>(MapStockLevel);
    }

    private static void MapProduct(EntityTypeBuilder<Product> product)
    {
        product.HasKey(p => p.Id);
        product.Property(p => p.Id).ValueGeneratedNever();
        product.Property(p => p.Name).UseCollation(Collations.People);
        product.Property(p => p.Price).HasPrecision(18, 2);
        product.Property(p => p.Currency).HasMaxLength(3).IsFixedLength();
        product.Property(p => p.Image).HasMaxLength(ProductRules.MaxImageLength);
        product.Property<uint>("xmin").HasColumnName("xmin").IsRowVersion();
        product.Ignore(p => p.Details);

        // The list is ordered by name (the id makes it total) and filtered by category.
        product.HasIndex(p => new { p.Name, p.Id });
        product.HasIndex(p => p.Categories).HasMethod("gin");
        product.ToTable(table => table.HasCheckConstraint("ck_products_price", "price > 0"));
    }

    private static void MapStockLevel(EntityTypeBuilder<StockLevel> stock)
    {
        stock.HasKey(s => s.ProductId);
        stock.Property(s => s.ProductId).ValueGeneratedNever();
        stock.HasOne<Product>().WithOne().HasForeignKey<StockLevel>(s => s.ProductId).OnDelete(DeleteBehavior.Cascade);
        stock.ToTable(table => table.HasCheckConstraint("ck_stock_levels_available", "available >= 0"));
    }
}
