using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Design;

namespace Shop.Notifications.Data;

/// <summary>Lets dotnet-ef build the model without starting the service.</summary>
internal sealed class NotificationsDesignTime : IDesignTimeDbContextFactory<NotificationsDbContext>
{
    /// <inheritdoc />
    public NotificationsDbContext CreateDbContext(string[] args) =>
        new(new DbContextOptionsBuilder<NotificationsDbContext>().UseNpgsql().UseSnakeCaseNamingConvention().Options);
}
