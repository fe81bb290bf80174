using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.Inventory.Domain;
using Shop.Messaging;

namespace Shop.Inventory.Data;

/// <summary>Inventory's database: the stock, its ledger, and one reservation per order.</summary>
internal sealed class InventoryDbContext(DbContextOptions<InventoryDbContext> options) : DbContext(options)
{
    /// <summary>The stock of each product.</summary>
    public DbSet<StockItem> StockItems => Set<StockItem>();

    /// <summary>The ledger.</summary>
    public DbSet<StockMovement> StockMovements => Set<StockMovement>();

    /// <summary>One per order.</summary>
    public DbSet<Reservation> Reservations => Set<Reservation>();

    /// <summary>What the others were told last.</summary>
    public DbSet<StockAnnouncement> StockAnnouncements => Set<StockAnnouncement>();

    /// <summary>What products are called.</summary>
    public DbSet<ProductName> ProductNames => Set<ProductName>();

    /// <summary>Products that this unit of work has moved; whoever waits for that learns of it at the commit.</summary>
    public HashSet<Guid> MovedProducts { get; } = [];

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessaging();
        modelBuilder.Entity<StockItem>(item =>
        {
            item.HasKey(i => i.ProductId);
            item.Property(i => i.ProductId).ValueGeneratedNever();
            item.Property(i => i.IsDiscontinued).HasDefaultValue(false);
            // The last line of defence: whatever a statement does, the stock never goes below zero.
            item.ToTable(table =>
            {
                table.HasCheckConstraint("ck_stock_items_available", "available >= 0");
                table.HasCheckConstraint("ck_stock_items_reserved", "reserved >= 0");
            });
        });
        modelBuilder.Entity<StockMovement>(movement =>
        {
            movement.Property(m => m.Kind).HasMaxLength(20);
            movement.Property(m => m.IdempotencyKey).HasMaxLength(200);
            // Only what comes in can have a key; the movements of orders, which are most, are spared the entry.
            movement.HasIndex(m => m.IdempotencyKey).IsUnique().HasFilter("idempotency_key is not null");
            movement.HasIndex(m => m.ProductId);
            movement.HasOne<StockItem>().WithMany().HasForeignKey(m => m.ProductId).OnDelete(DeleteBehavior.Restrict);
            movement.ToTable(table => table.HasCheckConstraint("ck_stock_movements_quantity", "quantity > 0"));
        });
        modelBuilder.Entity<StockAnnouncement>(announcement =>
        {
            announcement.HasKey(a => a.ProductId);
            announcement.Property(a => a.ProductId).ValueGeneratedNever();
        });
        modelBuilder.Entity<ProductName>(product =>
        {
            product.HasKey(p => p.ProductId);
            product.Property(p => p.ProductId).ValueGeneratedNever();
        });
        modelBuilder.Entity<Reservation>(reservation =>
        {
            reservation.HasKey(r => r.OrderId);
            reservation.Property(r => r.OrderId).ValueGeneratedNever();
            reservation.Property(r => r.Status).HasConversion<string>().HasMaxLength(20);
            reservation.Property(r => r.Reason).HasMaxLength(200);
            AsJson(reservation.Property(r => r.Items));
            AsJson(reservation.Property(r => r.Shortages));
            reservation.HasIndex(r => r.ExpiresAt).HasFilter("status = 'Reserved'");
            reservation.Property<uint>("xmin").IsRowVersion();
        });
    }

    // The lists are replaced, never changed, and only ever read with their reservation.
    private static void AsJson<T>(PropertyBuilder<IReadOnlyList<T>> property) =>
        property
            .HasColumnType("jsonb")
            .HasConversion(
                list => JsonSerializer.Serialize(list, JsonSerializerOptions.Web),
                json => JsonSerializer.Deserialize<List<T>>(json, JsonSerializerOptions.Web)!,
                new ValueComparer<IReadOnlyList<T>>(
                    (left, right) => ReferenceEquals(left, right),
                    list => list.GetHashCode(),
                    list => list
                )
            );
}
