using Shop.Ordering.Domain;

namespace Shop.Ordering.Tests.Support;

/// <summary>An order of one line of 10.00 to Oregon (no tax), unless a test says otherwise.</summary>
internal sealed class OrderBuilder
{
    public static readonly DateTimeOffset Now = new(2026, 11, 22, 12, 0, 0, TimeSpan.Zero);

    private readonly List<OrderItem> _items = [];
    private string _region = "US-OR";

    public OrderBuilder Line(decimal price, int quantity = 1, string name = "Lamp")
    {
        _items.Add(new OrderItem(_items.Count + 1, Guid.CreateVersion7(), name, price, quantity));
        return this;
    }

    public OrderBuilder Lines(int count, decimal price)
    {
        for (var i = 0; i < count; i++)
        {
            Line(price);
        }

        return this;
    }

    public OrderBuilder To(string region)
    {
        _region = region;
        return this;
    }

    public Order Build()
    {
        if (_items.Count == 0)
        {
            Line(10m);
        }

        Assert.True(Region.TryFind(_region, out var region), $"{_region} is not known");
        return Order.Place(
            Guid.CreateVersion7(),
            Guid.CreateVersion7(),
            _items,
            "USD",
            new ShippingAddress("Ada", "1 Main St", "Salem", "97301", _region, _region[..2]),
            region!,
            "pm_card_visa",
            Now
        );
    }
}
