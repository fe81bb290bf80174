using Microsoft.EntityFrameworkCore;

namespace Shop.Messaging;

/// <summary>The tables that messaging needs in a module's database.</summary>
public static class MessagingModelBuilderExtensions
{
    /// <summary>Adds <c>outbox_messages</c> and <c>inbox_messages</c>; call it in <c>OnModelCreating</c>.</summary>
    public static ModelBuilder AddMessaging(this ModelBuilder model)
    {
        // Names are written out because the relay's and the dispatcher's SQL uses them.
        model.Entity<OutboxMessage>(outbox =>
        {
            outbox.ToTable("outbox_messages");
            outbox.HasKey(message => message.Id);
            outbox.Property(message => message.Id).HasColumnName("id").ValueGeneratedNever();
            outbox.Property(message => message.Type).HasColumnName("type");
            outbox.Property(message => message.Destination).HasColumnName("destination");
            outbox.Property(message => message.Body).HasColumnName("body").HasColumnType("json");
            outbox.Property(message => message.CorrelationId).HasColumnName("correlation_id");
            outbox.Property(message => message.TraceParent).HasColumnName("traceparent");
            outbox.Property(message => message.TraceState).HasColumnName("tracestate");
            outbox.Property(message => message.DeliverAt).HasColumnName("deliver_at");
            outbox.Property(message => message.CreatedAt).HasColumnName("created_at");
            outbox.Property(message => message.AvailableAt).HasColumnName("available_at");
            outbox.Property(message => message.Attempts).HasColumnName("attempts");
            // What failed and waits. Almost always empty; what goes out as it should never enters it.
            outbox
                .HasIndex(message => message.AvailableAt)
                .HasFilter("available_at IS NOT NULL")
                .HasDatabaseName("ix_outbox_messages_available_at");
        });
        model.Entity<InboxMessage>(inbox =>
        {
            inbox.ToTable("inbox_messages");
            inbox.HasKey(message => new { message.MessageId, message.Handler });
            inbox.Property(message => message.MessageId).HasColumnName("message_id");
            inbox.Property(message => message.Handler).HasColumnName("handler");
            inbox.Property(message => message.ReceivedAt).HasColumnName("received_at").HasDefaultValueSql("now()");
            // For the clean-up by age. Entries are added in the order of time, so a block range index, which costs next to
            // nothing to keep, finds the old ones.
            inbox
                .HasIndex(message => message.ReceivedAt)
                .HasMethod("brin")
                .HasDatabaseName("ix_inbox_messages_received_at");
        });
        return model;
    }
}
