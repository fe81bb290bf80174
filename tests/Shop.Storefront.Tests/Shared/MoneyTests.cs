using System.Globalization;
using Shop.Storefront.Components.Shared;

namespace Shop.Storefront.Tests.Shared;

public sealed class MoneyTests
{
    [Theory]
    [InlineData("0", "USD", "$0.00")]
    [InlineData("1234567.5", "USD", "$1,234,567.50")]
    [InlineData("19.9", "EUR", "€19.90")]
    [InlineData("0.05", "GBP", "£0.05")]
    [InlineData("1000", "CHF", "1,000.00 CHF")]
    public void An_amount_has_two_decimals_and_its_currency(string amount, string currency, string text) =>
        Assert.Equal(text, Money.Format(decimal.Parse(amount, CultureInfo.InvariantCulture), currency));

    [Fact]
    public void The_servers_language_does_not_change_an_amount()
    {
        var before = CultureInfo.CurrentCulture;
        try
        {
            CultureInfo.CurrentCulture = CultureInfo.GetCultureInfo("de-DE");

            Assert.Equal("$1,234.50", Money.Format(1234.5m, "USD"));
        }
        finally
        {
            CultureInfo.CurrentCulture = before;
        }
    }
}
