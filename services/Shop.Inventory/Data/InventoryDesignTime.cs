using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Shop.Inventory.Data;

/// <summary>Lets dotnet-ef build the model without starting the service.</summary>
internal sealed class InventoryDesignTime : IDesignTimeDbContextFactory<InventoryDbContext>
{
    /// <inheritdoc />
    public InventoryDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<InventoryDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
