using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Shop.Billing.Data;

/// <summary>Lets dotnet-ef build the model without starting the service.</summary>
internal sealed class BillingDesignTime : IDesignTimeDbContextFactory<BillingDbContext>
{
    /// <inheritdoc />
    public BillingDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<BillingDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
