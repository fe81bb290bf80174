using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Ordering.Domain;
using Shop.Ordering.Orders;
using Shop.Ordering.Saga;
using Shop.Ordering.Views;

namespace Shop.Ordering.Data;

/// <summary>Ordering's own database: orders, their sagas, idempotency records, the read side, outbox and inbox.</summary>
internal sealed class OrderingDbContext(DbContextOptions<OrderingDbContext> options) : DbContext(options)
{
    public DbSet<Order> Orders => Set<Order>();
    public DbSet<SagaInstance> Sagas => Set<SagaInstance>();
    public DbSet<IdempotencyRecord> IdempotencyRecords => Set<IdempotencyRecord>();
    public DbSet<OrderView> OrderViews => Set<OrderView>();
    public DbSet<OrderItemView> OrderItemViews => Set<OrderItemView>();
    public DbSet<ProductView> ProductViews => Set<ProductView>();

    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessaging();
        modelBuilder.ApplyConfigurationsFromAssembly(typeof(OrderingDbContext).Assembly);
    }
}
