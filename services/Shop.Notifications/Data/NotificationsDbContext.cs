using Microsoft.EntityFrameworkCore;
using Shop.Messaging;

namespace Shop.Notifications.Data;

/// <summary>Notifications' own database.</summary>
internal sealed class NotificationsDbContext(DbContextOptions<NotificationsDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
}
