using System.Globalization;
using Shop.Ordering.Tests.Support;

namespace Shop.Ordering.Tests.Views;

/// <summary>Staff find an order by what a customer tells them of it.</summary>
[Collection<OrderingService>]
public sealed class OrderSearchTests : IAsyncLifetime
{
    private readonly OrderingApp _app;
    private readonly Guid _user = Guid.CreateVersion7();
    private readonly HttpClient _staff;
    private Guid _first;
    private Guid _second;

    public OrderSearchTests(OrderingFixture fixture)
    {
        _app = fixture.App;
        _staff = _app.ClientOf(Guid.CreateVersion7(), "operator");
    }

    public async ValueTask InitializeAsync()
    {
        _first = await PlaceAsync();
        _second = await PlaceAsync();
    }

    public ValueTask DisposeAsync() => ValueTask.CompletedTask;

    [Theory]
    [InlineData(36)]
    [InlineData(35)]
    [InlineData(24)]
    [InlineData(23)]
    public async Task An_order_is_found_by_its_id_or_the_beginning_of_it(int length)
    {
        var found = await FindAsync($"q={_first.ToString()[..length].ToUpperInvariant()}");

        Assert.Equal([_first], found);
    }

    [Fact]
    public async Task The_shortest_beginning_finds_all_that_begin_so()
    {
        var found = await FindAsync($"q={_first.ToString()[..8]}&pageSize=100");

        Assert.Contains(_first, found);
        Assert.All(found, id => Assert.StartsWith(_first.ToString()[..8], id.ToString(), StringComparison.Ordinal));
    }

    [Fact]
    public async Task Orders_are_found_by_their_user_newest_first() =>
        Assert.Equal([_second, _first], await FindAsync($"q={_user}"));

    [Fact]
    public async Task Orders_are_found_by_the_time_at_which_they_were_placed()
    {
        var all = await _staff.GetJsonAsync($"/api/orders?all=true&q={_second}");
        var placed = all.GetProperty("items")[0].GetProperty("createdAt").GetDateTimeOffset();
        var tokyo = placed.ToOffset(TimeSpan.FromHours(9));

        Assert.Equal([_second], await FindAsync($"q={_user}&placedAfter={Text(placed)}"));
        Assert.Equal([_second], await FindAsync($"q={_user}&placedAfter={Text(tokyo)}"));
        Assert.Equal([_first], await FindAsync($"q={_user}&placedBefore={Text(placed)}"));
        Assert.Equal([_second, _first], await FindAsync($"q={_user}&placedBefore={Text(placed.AddTicks(10))}"));
        Assert.Equal([], await FindAsync($"q={_user}&placedAfter={Text(placed.AddTicks(10))}"));
        Assert.Equal([], await FindAsync("placedAfter=9999-12-31T23:59:59.9999999Z"));
        Assert.Equal([], await FindAsync("placedBefore=0001-01-01T00:00:00Z"));
    }

    [Fact]
    public async Task The_filters_go_together() => Assert.Equal([], await FindAsync($"q={_first}&status=Cancelled"));

    private static string Text(DateTimeOffset time) =>
        Uri.EscapeDataString(time.ToString("yyyy-MM-dd'T'HH:mm:ss.fffffffK", CultureInfo.InvariantCulture));

    private async Task<List<Guid>> FindAsync(string query) =>
        [
            .. (await _staff.GetJsonAsync($"/api/orders?all=true&{query}"))
                .GetProperty("items")
                .EnumerateArray()
                .Select(order => order.GetProperty("id").GetGuid()),
        ];

    private async Task<Guid> PlaceAsync()
    {
        var id = await _app.ClientOf(_user).PlaceOkAsync(Requests.Order((_app.Catalog.Add(10m), 1)));
        await _app.ProjectAsync(id);
        return id;
    }
}
