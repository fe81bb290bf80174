using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shop.Ordering.Views;

/// <summary>
/// What Catalog said last of a product. A deleted one stays, since it stays in the lists of those who ordered it; its
/// details are null if the deletion was all that was ever heard of it.
/// </summary>
internal sealed class ProductView
{
    public Guid ProductId { get; init; }
    public string? Name { get; init; }
    public decimal? Price { get; init; }
    public string? Currency { get; init; }
    public string? Image { get; init; }
    public bool Deleted { get; init; }

    /// <summary>Catalog's; 0 for what was taken from an order, before Catalog said anything.</summary>
    public int Version { get; init; }
}

internal sealed class ProductViewMapping : IEntityTypeConfiguration<ProductView>
{
    public void Configure(EntityTypeBuilder<ProductView> view)
    {
        view.ToTable("product_views");
        view.HasKey(v => v.ProductId);
        view.Property(v => v.ProductId).ValueGeneratedNever();
        view.Property(v => v.Price).HasPrecision(18, 2);
        view.Property(v => v.Currency).HasMaxLength(3);
    }
}
