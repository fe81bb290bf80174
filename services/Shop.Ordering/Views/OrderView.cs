using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Views;

/// <summary>
/// An order as a list shows it (the query side of CQRS). Written by <see cref="OrderProjection"/> with SQL, read here. What
/// only the first event tells is null until it has come.
/// </summary>
internal sealed class OrderView
{
    public Guid OrderId { get; init; }
    public Guid UserId { get; init; }
    public OrderStatus Status { get; init; }
    public int? ItemCount { get; init; }
    public decimal? Total { get; init; }
    public string? Currency { get; init; }
    public DateTimeOffset? CreatedAt { get; init; }
    public string? CancellationReason { get; init; }
}

/// <summary>A line of an <see cref="OrderView"/>, with the name and the price at which it was ordered.</summary>
internal sealed class OrderItemView
{
    public Guid OrderId { get; init; }
    public int Line { get; init; }
    public Guid ProductId { get; init; }
    public required string Name { get; init; }
    public decimal UnitPrice { get; init; }
    public int Quantity { get; init; }
}

internal sealed class OrderViewMapping : IEntityTypeConfiguration<OrderView>
{
    public void Configure(EntityTypeBuilder<OrderView> view)
    {
        view.ToTable("order_views");
        view.HasKey(v => v.OrderId);
        view.Property(v => v.OrderId).ValueGeneratedNever();
        // As a number, because of two states the later one is kept.
        view.Property(v => v.Status).HasConversion<short>();
        view.Property(v => v.Total).HasPrecision(18, 2);
        view.Property(v => v.Currency).HasMaxLength(3);
        view.Property(v => v.CancellationReason).HasMaxLength(40);
        // A customer's orders, newest first, without a sort; and their number, without reading the table.
        view.HasIndex(v => new
            {
                v.UserId,
                v.CreatedAt,
                v.OrderId,
            })
            .IsDescending(false, true, true);
        // An operator's work list.
        view.HasIndex(v => new { v.Status, v.OrderId });
    }
}

internal sealed class OrderItemViewMapping : IEntityTypeConfiguration<OrderItemView>
{
    public void Configure(EntityTypeBuilder<OrderItemView> item)
    {
        item.ToTable("order_item_views");
        item.HasKey(i => new { i.OrderId, i.Line });
        item.Property(i => i.UnitPrice).HasPrecision(18, 2);
    }
}
