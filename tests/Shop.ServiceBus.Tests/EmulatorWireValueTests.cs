using Amqp.Types;
using Shop.ServiceBusEmulator.Amqp;

namespace Shop.ServiceBus.Tests;

/// <summary>Values that AMQP has no type of its own for, or that the library leaves encoded.</summary>
public sealed class EmulatorWireValueTests
{
    public static TheoryData<object> Values() =>
        [
            0m,
            19.99m,
            -0.0000000000000000000000000001m,
            decimal.MaxValue,
            decimal.MinValue,
            new DateTimeOffset(2030, 1, 1, 12, 0, 0, TimeSpan.Zero),
            DateTimeOffset.MaxValue,
            TimeSpan.FromMinutes(-3),
            TimeSpan.MaxValue,
            new Uri("https://shop.example/orders?id=1"),
            new Uri("../orders", UriKind.Relative),
            "text",
            7,
        ];

    [Theory]
    [MemberData(nameof(Values))]
    public void A_value_is_read_as_it_was_written(object value) =>
        Assert.Equal(value, WireValues.Read(WireValues.Write(value)));

    [Theory]
    [InlineData("32800000", "0")]
    [InlineData("3280000C", "12")]
    [InlineData("B280007D", "-125")]
    [InlineData("32000001", "0.1")]
    [InlineData("6CB8967F", "9999999")]
    [InlineData("31C0000000000019", "25")]
    [InlineData("31A0000000000019", "2.5")]
    [InlineData("33C0000000000001", "10000000000000000")]
    [InlineData("6C7386F26FC0FFFF", "9999999999999999")]
    [InlineData("304000000000000000000000000000FF", "255")]
    [InlineData("3042000000000000000000000000002A", "420")]
    [InlineData("B03C00000000000000000000000007CF", "-19.99")]
    // As the .NET SDK writes them.
    [InlineData("0C3C00000000000000000000000007CF", "19.99")]
    [InlineData("8C4000000000000000000000000007CF", "-1999")]
    [InlineData("0C08000000000000000000000000000A", "0.0000000000000000000000000010")]
    public void A_decimal_of_any_width_is_read(string bytes, string expected) =>
        Assert.Equal(
            decimal.Parse(expected, System.Globalization.CultureInfo.InvariantCulture),
            WireValues.Read(new global::Amqp.Types.Decimal(Convert.FromHexString(bytes)))
        );

    [Theory]
    [InlineData("78000000")]
    [InlineData("FC00000000000000")]
    [InlineData("5FFFED09BEAD87C0378D8E63FFFFFFFF")]
    public void A_number_that_no_decimal_holds_stays_as_it_is(string bytes)
    {
        var number = new global::Amqp.Types.Decimal(Convert.FromHexString(bytes));

        Assert.Same(number, WireValues.Read(number));
    }

    [Fact]
    public void A_described_value_that_is_none_of_these_stays_as_it_is()
    {
        DescribedValue[] values =
        [
            new((Symbol)"com.microsoft:timespan", "soon"),
            new((Symbol)"com.microsoft:datetime-offset", long.MaxValue),
            new((Symbol)"com.example:money", 12L),
            new(7UL, 12L),
        ];

        Assert.All(values, value => Assert.Same(value, WireValues.Read(value)));
    }
}
