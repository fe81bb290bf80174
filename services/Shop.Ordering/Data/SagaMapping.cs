using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.Ordering.Domain;
using Shop.Ordering.Saga;

namespace Shop.Ordering.Data;

internal sealed class SagaMapping : IEntityTypeConfiguration<SagaInstance>
{
    public void Configure(EntityTypeBuilder<SagaInstance> saga)
    {
        saga.ToTable("order_sagas");
        saga.HasKey(s => s.OrderId);
        saga.Property(s => s.OrderId).ValueGeneratedNever();
        saga.Property<uint>("Version").IsRowVersion();
        saga.Property(s => s.Status).HasConversion<string>().HasMaxLength(20);
        saga.Property(s => s.Step).HasConversion<string>().HasMaxLength(40);
        saga.HasOne(s => s.Order).WithOne().HasForeignKey<SagaInstance>(s => s.OrderId);
        saga.HasMany(s => s.Entries).WithOne().HasForeignKey(entry => entry.OrderId);
    }
}

internal sealed class SagaEntryMapping : IEntityTypeConfiguration<SagaEntry>
{
    public void Configure(EntityTypeBuilder<SagaEntry> entry)
    {
        entry.ToTable("order_saga_entries");
        entry.HasKey(e => e.Id);
        entry.Property(e => e.OrderId);
        entry.Property(e => e.At);
        entry.Property(e => e.Step).HasConversion<string>().HasMaxLength(40);
        entry.Property(e => e.Kind).HasConversion<string>().HasMaxLength(40);
        entry.Property(e => e.Text).HasMaxLength(Cancellation.MaxDetailLength);
        entry.HasIndex(e => new { e.OrderId, e.Id });
    }
}
