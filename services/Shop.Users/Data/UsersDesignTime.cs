using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Shop.Users.Data;

/// <summary>Lets dotnet-ef build the model without starting the service.</summary>
internal sealed class UsersDesignTime : IDesignTimeDbContextFactory<UsersDbContext>
{
    /// <inheritdoc />
    public UsersDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<UsersDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
