using Microsoft.EntityFrameworkCore;
using Shop.Messaging;
using Shop.Payments.Domain;

namespace Shop.Payments.Data;

/// <summary>Payments' database: one payment per order, and the refunds.</summary>
internal sealed class PaymentsDbContext(DbContextOptions<PaymentsDbContext> options) : DbContext(options)
{
    /// <summary>One per order.</summary>
    public DbSet<Payment> Payments => Set<Payment>();

    /// <summary>At most one per payment.</summary>
    public DbSet<Refund> Refunds => Set<Refund>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessaging();
        modelBuilder.Entity<Payment>(payment =>
        {
            payment.Property(p => p.Id).ValueGeneratedNever();
            payment.HasIndex(p => p.OrderId).IsUnique();
            payment.HasIndex(p => new { p.UserId, p.CreatedAt }).IsDescending(false, true);
            payment.HasIndex(p => p.NextAttemptAt).HasFilter("next_attempt_at is not null");
            payment.Property(p => p.Amount).HasPrecision(18, 2);
            payment.Property(p => p.Currency).HasMaxLength(3);
            payment.Property(p => p.PaymentMethod).HasMaxLength(100);
            payment.Property(p => p.Status).HasConversion<string>().HasMaxLength(20);
            payment.Property(p => p.NextStep).HasConversion<string>().HasMaxLength(20);
            payment.Property(p => p.ProviderReference).HasMaxLength(100);
            payment.Property(p => p.FailureCode).HasMaxLength(100);
            payment.Property(p => p.FailureMessage).HasMaxLength(500);
            payment.Property(p => p.TraceParent).HasMaxLength(60);
            payment.Property<uint>("xmin").IsRowVersion();
            payment.HasOne(p => p.Refund).WithOne().HasForeignKey<Refund>(refund => refund.PaymentId);
            payment.ToTable(table => table.HasCheckConstraint("ck_payments_amount", "amount >= 0"));
        });
        modelBuilder.Entity<Refund>(refund =>
        {
            refund.Property(r => r.Id).ValueGeneratedNever();
            refund.HasIndex(r => r.PaymentId).IsUnique();
            refund.Property(r => r.Amount).HasPrecision(18, 2);
            refund.Property(r => r.ProviderReference).HasMaxLength(100);
            refund.Property<uint>("xmin").IsRowVersion();
            refund.ToTable(table => table.HasCheckConstraint("ck_refunds_amount", "amount > 0"));
        });
    }
}
