using System.Security.Cryptography;
using System.Text.Json;
using Microsoft.EntityFrameworkCore;
using Microsoft.EntityFrameworkCore.Metadata.Builders;

namespace Shop.Ordering.Orders;

/// <summary>
/// Remembers which order a customer's <c>Idempotency-Key</c> made, and from which body. Written with the order in one
/// transaction; its primary key makes one of concurrent duplicates win.
/// </summary>
/// <remarks>draft-ietf-httpapi-idempotency-key-header.</remarks>
internal sealed record IdempotencyRecord(
    Guid UserId,
    string Key,
    byte[] RequestHash,
    Guid OrderId,
    DateTimeOffset CreatedAt
)
{
    public const string Header = "Idempotency-Key";
    public const string ReplayedHeader = "Idempotency-Replayed";
    public const int MaxKeyLength = 200;

    /// <summary>Printable ASCII without spaces, at most <see cref="MaxKeyLength"/> characters.</summary>
    public static bool IsValidKey(string key) =>
        key.Length is > 0 and <= MaxKeyLength && key.All(c => c is > ' ' and <= '~');

    /// <summary>Two bodies that mean the same have the same hash, whatever their white space, member order and trailing zeros.</summary>
    public static byte[] Hash(PlaceOrderRequest request) =>
        SHA256.HashData(JsonSerializer.SerializeToUtf8Bytes(request.Normalized(), JsonSerializerOptions.Web));

    public bool IsFor(byte[] requestHash) => RequestHash.AsSpan().SequenceEqual(requestHash);
}

internal sealed class IdempotencyMapping : IEntityTypeConfiguration<IdempotencyRecord>
{
    public void Configure(EntityTypeBuilder<IdempotencyRecord> record)
    {
        record.ToTable("idempotency_records");
        record.HasKey(r => new { r.UserId, r.Key });
        record.Property(r => r.Key).HasMaxLength(IdempotencyRecord.MaxKeyLength);
        record.Property(r => r.RequestHash).HasMaxLength(32);
        // For the clean-up by age. Records are added in the order of time, so a block range index, which costs next to
        // nothing to keep, finds the old ones.
        record.HasIndex(r => r.CreatedAt).HasMethod("brin");
    }
}
