using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Shop.Messaging;
using Shop.Notifications.Domain;
using Shop.Notifications.Providers.Simulated;

namespace Shop.Notifications.Data;

/// <summary>Notifications' own database: whom to tell, what, and what became of it.</summary>
internal sealed class NotificationsDbContext(DbContextOptions<NotificationsDbContext> options) : DbContext(options)
{
    public DbSet<Notification> Notifications => Set<Notification>();

    public DbSet<Recipient> Recipients => Set<Recipient>();

    public DbSet<LocalDelivery> LocalOutbox => Set<LocalDelivery>();

    /// <inheritdoc />
    protected override void OnModelCreating(ModelBuilder modelBuilder)
    {
        modelBuilder.AddMessaging();
        modelBuilder.Entity<Notification>(MapNotification);
        modelBuilder.Entity<Recipient>(recipient =>
        {
            recipient.ToTable("recipients");
            recipient.HasKey(r => r.UserId);
            recipient.Property(r => r.UserId).ValueGeneratedNever();
            recipient.Property(r => r.Email).HasMaxLength(254);
            recipient.Property(r => r.PhoneNumber).HasMaxLength(16);
        });
        modelBuilder.Entity<LocalDelivery>(delivery =>
        {
            delivery.ToTable("local_outbox");
            delivery.Property(d => d.Id).ValueGeneratedNever();
            delivery.Property(d => d.Channel).HasConversion<string>().HasMaxLength(20);
        });
    }

    private static void MapNotification(EntityTypeBuilder<Notification> notification)
    {
        notification.Property(n => n.Id).ValueGeneratedNever();
        notification.Property(n => n.Kind).HasConversion<string>().HasMaxLength(40);
        notification.Property(n => n.Channel).HasConversion<string>().HasMaxLength(20);
        notification.Property(n => n.Status).HasConversion<string>().HasMaxLength(30);
        notification.Property(n => n.TraceParent).HasMaxLength(60);
        notification
            .Property(n => n.Facts)
            .HasColumnType("json")
            .HasConversion(
                facts => JsonSerializer.Serialize(facts, JsonSerializerOptions.Web),
                json => JsonSerializer.Deserialize<OrderFacts>(json, JsonSerializerOptions.Web)!
            );

        // Each thing is told once on each way.
        notification
            .HasIndex(n => new
            {
                n.OrderId,
                n.Kind,
                n.Channel,
            })
            .IsUnique();
        // One's own, newest first: ids are made in the order of time (UUIDv7).
        notification.HasIndex(n => new { n.UserId, n.Id }).IsDescending(false, true);
        // The senders', and the age of the oldest.
        notification.HasIndex(n => new { n.Channel, n.NextAttemptAt }).HasFilter("next_attempt_at is not null");
        notification.HasIndex(n => n.DueAt).HasFilter("next_attempt_at is not null");
        // The operators': what went wrong.
        notification.HasIndex(n => new { n.Status, n.Id }).IsDescending(false, true);
        notification.Property<uint>("xmin").IsRowVersion();
    }
}
