using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging.Tests;

/// <summary>A module's database: what its handlers did, and the messaging tables.</summary>
internal sealed class LedgerContext(DbContextOptions<LedgerContext> options) : DbContext(options)
{
    public DbSet<Entry> Entries => Set<Entry>();

    protected override void OnModelCreating(ModelBuilder modelBuilder) => modelBuilder.AddMessaging();
}

internal sealed class Entry
{
    public Guid Id { get; init; } = Guid.CreateVersion7();

    public required string Text { get; init; }
}
