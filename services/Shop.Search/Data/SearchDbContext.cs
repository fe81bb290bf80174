using Microsoft.EntityFrameworkCore;
using Shop.Messaging;

namespace Shop.Search.Data;

/// <summary>Search' own database.</summary>
internal sealed class SearchDbContext(DbContextOptions<SearchDbContext> options) : DbContext(options)
{
    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
}
