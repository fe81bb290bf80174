using Shop.Payments.Domain;

namespace Shop.Payments.Tests;

public sealed class CardDataTests
{
    [Theory]
    [InlineData("4242424242424242")]
    [InlineData("4242 4242 4242 4242")]
    [InlineData("4242-4242-4242-4242")]
    [InlineData("378282246310005")]
    [InlineData("6011000990139424")]
    [InlineData("4222222222222")]
    [InlineData("card=5555555555554444;")]
    [InlineData("my number is 4000 0566 5566 5556, thanks")]
    public void A_card_number_is_recognised(string text) => Assert.True(CardData.LooksLikeCardNumber(text));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("pm_card_visa")]
    [InlineData("4242424242424241")]
    [InlineData("424242424242")]
    [InlineData("0000000000000000")]
    [InlineData("01900000-0000-7000-8000-000000100018")]
    [InlineData("2026-01-01T12:00:00Z")]
    [InlineData("12345678901234567890")]
    public void What_is_none_is_let_through(string? text) => Assert.False(CardData.LooksLikeCardNumber(text));

    [Theory]
    [InlineData("cvv")]
    [InlineData("CVC")]
    [InlineData("card_number")]
    [InlineData("security-code")]
    public void Fields_for_card_data_are_recognised_however_they_are_spelled(string name) =>
        Assert.True(CardData.IsCardField(name));
}
