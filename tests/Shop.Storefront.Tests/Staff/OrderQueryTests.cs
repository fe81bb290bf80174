using Shop.Storefront.Pages.Staff;

namespace Shop.Storefront.Tests.Staff;

public sealed class OrderQueryTests
{
    private static readonly DateTimeOffset s_now = new(2026, 12, 1, 1, 30, 15, TimeSpan.FromHours(2));

    [Theory]
    [InlineData("hour", "placedAfter=2026-11-30T22%3A30%3A15Z")]
    [InlineData("today", "placedAfter=2026-11-30T00%3A00%3A00Z")]
    [InlineData("older", "placedBefore=2026-11-29T23%3A30%3A15Z")]
    public void An_age_becomes_a_moment_in_utc(string age, string parameter)
    {
        Assert.Contains(parameter, new OrderQuery(null, null, age).ApiQuery(null, s_now), StringComparison.Ordinal);
    }

    [Fact]
    public void What_was_typed_cannot_add_parameters()
    {
        var query = new OrderQuery(" a&all=false#x ", "Pending&q=b", "any").ApiQuery("2&pageSize=1000", s_now);

        Assert.Equal(
            "?all=true&q=a%26all%3Dfalse%23x&status=Pending%26q%3Db&page=2%26pageSize%3D1000&pageSize=25",
            query
        );
    }

    [Fact]
    public void The_address_of_a_page_keeps_what_was_chosen()
    {
        var query = new OrderQuery("0193", "Pending", "hour");

        Assert.Equal("/staff/orders?q=0193&status=Pending&age=hour&page=2", query.Address(2));
        Assert.Equal("/staff/orders?q=0193&status=Pending&age=hour", query.Address(1));
    }
}
