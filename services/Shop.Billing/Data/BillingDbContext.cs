using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.Billing.Domain;
using Shop.Billing.Numbering;
using Shop.Messaging;

namespace Shop.Billing.Data;

/// <summary>Billing's own database: what was heard of each order, the invoices and credit notes, and their numbers.</summary>
internal sealed class BillingDbContext(DbContextOptions<BillingDbContext> options) : DbContext(options)
{
    /// <summary>One per order that was heard of.</summary>
    public DbSet<OrderAccount> OrderAccounts => Set<OrderAccount>();

    /// <summary>One per confirmed order.</summary>
    public DbSet<Invoice> Invoices => Set<Invoice>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessaging();
        modelBuilder.Entity<NumberSeries>(series =>
        {
            series.HasKey(s => new { s.Kind, s.Year });
            series.Property(s => s.Kind).HasConversion<string>().HasMaxLength(20);
        });
        modelBuilder.Entity<OrderAccount>(MapAccount);
        modelBuilder.Entity<Invoice>(MapInvoice);
        modelBuilder.Entity<CreditNote>(MapCreditNote);
    }

    private static void MapAccount(EntityTypeBuilder<OrderAccount> account)
    {
        account.HasKey(a => a.OrderId);
        account.Property(a => a.OrderId).ValueGeneratedNever();
        account.Property(a => a.PaidAmount).HasPrecision(18, 2);
        account.Property(a => a.RefundedAmount).HasPrecision(18, 2);
        account.Property(a => a.PaidCurrency).HasMaxLength(3);
        account.Ignore(a => a.CreditDue);
        account.Property<uint>("xmin").IsRowVersion();
        // Documents are kept: nothing takes them along when it goes.
        account
            .HasOne(a => a.Invoice)
            .WithOne()
            .HasForeignKey<Invoice>(invoice => invoice.OrderId)
            .OnDelete(DeleteBehavior.Restrict);
    }

    private static void MapInvoice(EntityTypeBuilder<Invoice> invoice)
    {
        invoice.Property(i => i.Id).ValueGeneratedNever();
        invoice.Property(i => i.Number).HasMaxLength(30);
        invoice.HasIndex(i => i.Number).IsUnique();
        invoice.HasIndex(i => new { i.UserId, i.IssuedAt }).IsDescending(false, true);
        invoice.HasIndex(i => i.IssuedAt).IsDescending();
        invoice.HasIndex(i => i.DueAt).HasFilter("status = 'Unpaid'");
        invoice.Property(i => i.Status).HasConversion<string>().HasMaxLength(10);
        invoice.Property(i => i.Currency).HasMaxLength(3);
        foreach (var money in (string[])[nameof(Invoice.Subtotal), nameof(Invoice.Discount), nameof(Invoice.Tax)])
        {
            invoice.Property(money).HasPrecision(18, 2);
        }
        invoice.Property(i => i.Total).HasPrecision(18, 2);
        AsJson(invoice.Property(i => i.BillTo));
        AsJson(invoice.Property(i => i.Lines));
        invoice.Property<uint>("xmin").IsRowVersion();
        invoice
            .HasOne(i => i.CreditNote)
            .WithOne()
            .HasForeignKey<CreditNote>(note => note.InvoiceId)
            .OnDelete(DeleteBehavior.Restrict);
        // The last line of defence: whatever wrote it, the sums of an invoice are right.
        invoice.ToTable(table =>
            table.HasCheckConstraint("ck_invoices_total", "subtotal - discount + tax = total and total >= 0")
        );
    }

    private static void MapCreditNote(EntityTypeBuilder<CreditNote> note)
    {
        note.ToTable("credit_notes", table => table.HasCheckConstraint("ck_credit_notes_amount", "amount > 0"));
        note.Property(n => n.Id).ValueGeneratedNever();
        note.Property(n => n.Number).HasMaxLength(30);
        note.HasIndex(n => n.Number).IsUnique();
        note.Property(n => n.Amount).HasPrecision(18, 2);
        note.Property(n => n.Tax).HasPrecision(18, 2);
    }

    // They are never changed, and only ever read with their invoice.
    private static void AsJson<T>(PropertyBuilder<T> property)
        where T : class =>
        property
            .HasColumnType("jsonb")
            .HasConversion(
                value => JsonSerializer.Serialize(value, JsonSerializerOptions.Web),
                json => JsonSerializer.Deserialize<T>(json, JsonSerializerOptions.Web)!,
                new ValueComparer<T>(
                    (left, right) => ReferenceEquals(left, right),
                    value => value.GetHashCode(),
                    value => value
                )
            );
}
