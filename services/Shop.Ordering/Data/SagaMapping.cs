using System.Text.Json;
using System.Text.Json.Serialization;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.ChangeTracking;
using Microsoft.EntityFrameworkCore.Metadata.Builders;
using Microsoft.EntityFrameworkCore.Storage.ValueConversion;
using Shop.Ordering.Saga;

namespace Shop.Ordering.Data;

internal sealed class SagaMapping : IEntityTypeConfiguration<SagaInstance>
{
    private static readonly JsonSerializerOptions Options = new(JsonSerializerDefaults.Web)
    {
        Converters = { new JsonStringEnumConverter() },
    };

    public void Configure(EntityTypeBuilder<SagaInstance> saga)
    {
        saga.ToTable("order_sagas");
        saga.HasKey(s => s.OrderId);
        saga.Property(s => s.OrderId).ValueGeneratedNever();
        saga.Property<uint>("Version").IsRowVersion();
        saga.Property(s => s.Status).HasConversion<string>().HasMaxLength(20);
        saga.Property(s => s.Step).HasConversion<string>().HasMaxLength(40);
        saga.Property(s => s.TraceId).HasMaxLength(32);
        saga.HasOne(s => s.Order).WithOne().HasForeignKey<SagaInstance>(s => s.OrderId);
        // With the saga, whose row changes with each line anyway, and read as a whole. Rows of their own, seven for an order,
        // each with two indexes and a foreign key, cost more than the saga itself.
        saga.Property(s => s.Entries).HasColumnName("timeline").HasColumnType("json").HasConversion(Json, AsAWhole);
    }

    private static readonly ValueConverter<IReadOnlyList<SagaEntry>, string> Json = new(
        entries => JsonSerializer.Serialize(entries, Options),
        json => JsonSerializer.Deserialize<SagaEntry[]>(json, Options)!
    );

    private static readonly ValueComparer<IReadOnlyList<SagaEntry>> AsAWhole = new(
        (left, right) => ReferenceEquals(left, right),
        entries => entries.Count,
        entries => entries
    );
}
