using System.Globalization;
using Shop.Storefront.Components.Shared;

namespace Shop.Storefront.Tests;

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
}
