using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Shop.Ordering.Domain;

namespace Shop.Ordering.Data;

internal sealed class OrderMapping : IEntityTypeConfiguration<Order>
{
    public void Configure(EntityTypeBuilder<Order> order)
    {
        order.ToTable("orders");
        order.HasKey(o => o.Id);
        order.Property(o => o.Id).ValueGeneratedNever();
        order.Property<uint>("Version").IsRowVersion();
        order.Property(o => o.Status).HasConversion<string>().HasMaxLength(20);
        order.Property(o => o.CancellationReason).HasConversion<string>().HasMaxLength(40);
        order.Property(o => o.Currency).HasMaxLength(3);
        order.Property(o => o.PaymentMethod).HasMaxLength(70);
        order.Property(o => o.Subtotal).HasPrecision(18, 2);
        order.Property(o => o.Discount).HasPrecision(18, 2);
        order.Property(o => o.Tax).HasPrecision(18, 2);
        order.Property(o => o.Total).HasPrecision(18, 2);
        order.Property(o => o.RefundedAmount).HasPrecision(18, 2);
        order.Property(o => o.Shortages).HasColumnType("jsonb").HasConversion(Json, ByValue);
        order.ComplexProperty(
            o => o.ShippingAddress,
            address =>
            {
                address.Ignore(a => a.Lines);
                address.Property(a => a.Region).HasMaxLength(6);
                address.Property(a => a.Country).HasMaxLength(2);
            }
        );
        order.HasMany(o => o.Items).WithOne().HasForeignKey("OrderId");
    }

    private static readonly ValueConverter<IReadOnlyList<Shortage>, string> Json = new(
        shortages => JsonSerializer.Serialize(shortages, JsonSerializerOptions.Web),
        json => JsonSerializer.Deserialize<Shortage[]>(json, JsonSerializerOptions.Web)!
    );

    private static readonly ValueComparer<IReadOnlyList<Shortage>> ByValue = new(
        (left, right) => left!.SequenceEqual(right!),
        shortages => shortages.Count
    );
}

internal sealed class OrderItemMapping : IEntityTypeConfiguration<OrderItem>
{
    public void Configure(EntityTypeBuilder<OrderItem> item)
    {
        item.ToTable("order_items");
        item.Property<Guid>("OrderId");
        item.HasKey("OrderId", nameof(OrderItem.Line));
        item.Property(i => i.Line).ValueGeneratedNever();
        item.Property(i => i.ProductId);
        item.Property(i => i.Name);
        item.Property(i => i.UnitPrice).HasPrecision(18, 2);
        item.Property(i => i.Quantity);
    }
}
