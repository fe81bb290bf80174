using Microsoft.EntityFrameworkCore;
using Shop.Messaging;

namespace Shop.Billing.Data;

/// <summary>Billing' own database.</summary>
internal sealed class BillingDbContext(DbContextOptions<BillingDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
}
