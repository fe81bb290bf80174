using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Shop.Search.Data;

/// <summary>Lets dotnet-ef build the model without starting the service.</summary>
internal sealed class SearchDesignTime : IDesignTimeDbContextFactory<SearchDbContext>
{
    /// <inheritdoc />
    public SearchDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<SearchDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
