namespace Shop.Messaging.Tests;

public sealed class MessageIdTests
{
    [Fact]
    public void Ids_ascend_even_within_a_millisecond()
    {
        var now = DateTimeOffset.UtcNow;

        var ids = Enumerable.Range(0, 10_000).Select(_ => MessageId.Next(now)).ToArray();

        Assert.Equal(ids.Order(), ids);
        Assert.Equal(ids.Order(), ids.OrderBy(id => id.ToString(), StringComparer.Ordinal));
        Assert.Equal(ids.Length, ids.Distinct().Count());
    }

    [Fact]
    public void An_id_is_a_UUIDv7_of_its_time()
    {
        var now = DateTimeOffset.UtcNow.AddYears(1);

        var id = MessageId.Next(now);

        Assert.Equal(7, id.Version);
        Assert.InRange(id.Variant, 0x8, 0xB);
        Assert.StartsWith(
            now.ToUnixTimeMilliseconds().ToString("x12", null),
            id.ToString("N"),
            StringComparison.Ordinal
        );
    }
}
