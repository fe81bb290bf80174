using Microsoft.AspNetCore.DataProtection.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore;
using Shop.Storefront.Baskets;
using Shop.Storefront.Session;

namespace Shop.Storefront.Data;

/// <summary>The storefront's own database: sessions and baskets.</summary>
internal sealed class StorefrontDbContext(DbContextOptions<StorefrontDbContext> options)
    : DbContext(options),
        IDataProtectionKeyContext
{
    public DbSet<StoredSession> Sessions => Set<StoredSession>();

    public DbSet<BasketLine> BasketLines => Set<BasketLine>();

    /// <summary>
    /// What cookies and forms are protected with. It isn't encrypted: a session's tokens are encrypted with a key that only
    /// the browser has.
    /// </summary>
    public DbSet<DataProtectionKey> DataProtectionKeys => Set<DataProtectionKey>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.Entity<StoredSession>(session =>
        {
            session.ToTable("sessions");
            session.Property(s => s.Id).ValueGeneratedNever().HasMaxLength(32);
            session.HasIndex(s => s.UserId);
            session.HasIndex(s => s.ExpiresAt);
        });
        modelBuilder.Entity<BasketLine>(line =>
        {
            line.ToTable("basket_lines");
            line.HasKey(l => new { l.BasketId, l.ProductId });
            line.HasIndex(l => l.ChangedAt);
            line.Property(l => l.Currency).HasMaxLength(3);
            line.ToTable(table => table.HasCheckConstraint("ck_basket_lines_quantity", "quantity > 0"));
        });
    }
}
