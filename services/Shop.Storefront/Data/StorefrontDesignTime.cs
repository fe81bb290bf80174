using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Shop.Storefront.Data;

/// <summary>Lets dotnet-ef build the model without starting the service.</summary>
internal sealed class StorefrontDesignTime : IDesignTimeDbContextFactory<StorefrontDbContext>
{
    /// <inheritdoc />
    public StorefrontDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<StorefrontDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
