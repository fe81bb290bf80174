using Microsoft.EntityFrameworkCore;

namespace Shop.Payments.Provider.Simulated;

/// <summary>
/// The simulated provider's own books. They lie in a schema of their own and are reached over connections of their own:
/// what happens there commits or fails apart from our transactions, as at a company across the street.
/// </summary>
internal sealed class SimulatedProviderDbContext(DbContextOptions<SimulatedProviderDbContext> options)
    : DbContext(options)
{
    /// <summary>The schema with the provider's tables.</summary>
    public const string Schema = "simulated_provider";

    /// <summary>Every charge that was ever asked for, one per idempotency key.</summary>
    public DbSet<SimulatedCharge> Charges => Set<SimulatedCharge>();

    /// <summary>Every refund, one per idempotency key.</summary>
    public DbSet<SimulatedRefund> Refunds => Set<SimulatedRefund>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.HasDefaultSchema(Schema);
        modelBuilder.Entity<SimulatedCharge>(charge =>
        {
            charge.HasKey(c => c.IdempotencyKey);
            charge.Property(c => c.IdempotencyKey).HasMaxLength(100);
            charge.Property(c => c.Reference).HasMaxLength(100);
            charge.HasIndex(c => c.Reference).IsUnique();
            charge.Property(c => c.PaymentMethod).HasMaxLength(100);
            charge.Property(c => c.Amount).HasPrecision(18, 2);
            charge.Property(c => c.Currency).HasMaxLength(3);
            charge.Property(c => c.Status).HasConversion<string>().HasMaxLength(20);
            charge.Property(c => c.FailureCode).HasMaxLength(100);
            charge.Property(c => c.FailureMessage).HasMaxLength(500);
        });
        modelBuilder.Entity<SimulatedRefund>(refund =>
        {
            refund.HasKey(r => r.IdempotencyKey);
            refund.Property(r => r.IdempotencyKey).HasMaxLength(100);
            refund.Property(r => r.Reference).HasMaxLength(100);
            refund.Property(r => r.ChargeReference).HasMaxLength(100);
            refund.HasIndex(r => r.ChargeReference).IsUnique();
            refund.Property(r => r.Amount).HasPrecision(18, 2);
        });
    }
}
