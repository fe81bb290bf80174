using Microsoft.EntityFrameworkCore;
using Shop.Messaging;

namespace Shop.Users.Data;

/// <summary>Users' own database.</summary>
internal sealed class UsersDbContext(DbContextOptions<UsersDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
}
