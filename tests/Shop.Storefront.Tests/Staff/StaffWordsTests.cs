using Shop.Storefront.Pages.Staff;

namespace Shop.Storefront.Tests.Staff;

public sealed class StaffWordsTests
{
    [Theory]
    [InlineData("PaymentDeclined", "Payment declined")]
    [InlineData("CancelledByCustomer", "Cancelled by customer")]
    [InlineData("Ship", "Ship")]
    [InlineData("", "")]
    public void A_name_becomes_words(string name, string words) => Assert.Equal(words, StaffWords.OfName(name));

    [Theory]
    [InlineData(0, "0 s")]
    [InlineData(59.9, "59 s")]
    [InlineData(60, "1 min 0 s")]
    [InlineData(7_500, "2 h 5 min")]
    [InlineData(180_000, "2 d 2 h")]
    public void A_lag_is_told_in_its_two_largest_units(double seconds, string words) =>
        Assert.Equal(words, StaffWords.OfSeconds(seconds));
}
