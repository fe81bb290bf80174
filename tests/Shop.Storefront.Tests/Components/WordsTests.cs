using Shop.Storefront.Components.Shared;

namespace Shop.Storefront.Tests.Components;

public sealed class WordsTests
{
    [Fact]
    public void Orders_of_the_same_minute_have_different_numbers()
    {
        var one = Words.OrderNumber(new Guid("01a22f44-d3e8-7670-b4b5-8c2f64771b20"));
        var other = Words.OrderNumber(new Guid("01a22f44-d7c7-790e-ba6c-1a2d6d1436cf"));

        Assert.Equal("64771B20", one);
        Assert.Equal("6D1436CF", other);
    }

    [Theory]
    [InlineData("", "")]
    [InlineData("e-mail", "e-mail")]
    [InlineData("e-mail|SMS", "e-mail and SMS")]
    [InlineData("e-mail|SMS|push message", "e-mail, SMS and push message")]
    public void A_list_reads_as_a_sentence(string items, string expected) =>
        Assert.Equal(expected, Words.List(items.Split('|', StringSplitOptions.RemoveEmptyEntries)));

    [Theory]
    [InlineData("+1 (415) 555-0123", "+14155550123")]
    [InlineData("+49 30/123.456", "+4930123456")]
    [InlineData("call me", "callme")]
    [InlineData("  ", null)]
    [InlineData(null, null)]
    public void A_phone_number_may_be_typed_with_spaces_and_brackets(string? typed, string? expected) =>
        Assert.Equal(expected, PhoneText.Tidy(typed));
}
