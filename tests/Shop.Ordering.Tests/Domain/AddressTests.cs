using Shop.Ordering.Domain;

namespace Shop.Ordering.Tests.Domain;

public sealed class AddressTests
{
    [Theory]
    [InlineData("Sacramento", "95814", "US-CA", "Sacramento, CA 95814|United States")]
    [InlineData("New York", "10001-1234", "US-NY", "New York, NY 10001-1234|United States")]
    [InlineData("London", "SW1A 1AA", "GB-ENG", "London|SW1A 1AA|England, United Kingdom")]
    [InlineData("Edinburgh", "EH1 1YZ", "GB-SCT", "Edinburgh|EH1 1YZ|Scotland, United Kingdom")]
    [InlineData("Berlin", "10115", "DE-BE", "10115 Berlin|Germany")]
    [InlineData("M\u00FCnchen", "80331", "DE-BY", "80331 M\u00FCnchen|Bavaria, Germany")]
    [InlineData("Paris", "75001", "FR-IDF", "75001 Paris|\u00CEle-de-France, France")]
    [InlineData("Wien", "1010", "AT-9", "1010 Wien|Vienna, Austria")]
    [InlineData("Amsterdam", "1012 AB", "NL-NH", "1012 AB Amsterdam|North Holland, Netherlands")]
    public void It_is_printed_in_the_countrys_format_with_names(
        string city,
        string postalCode,
        string region,
        string expected
    )
    {
        var address = new ShippingAddress("Ada Lovelace", "12 Analytical Way", city, postalCode, region, region[..2]);

        Assert.Equal(["Ada Lovelace", "12 Analytical Way", .. expected.Split('|')], address.Lines);
    }

    [Theory]
    [InlineData("95814", "US", "95814")]
    [InlineData("\uFF19\uFF15\uFF18\uFF11\uFF14", "US", "95814")]
    [InlineData("sw1a1aa", "GB", "SW1A 1AA")]
    [InlineData("m1 1ae", "GB", "M1 1AE")]
    [InlineData("1012ab", "NL", "1012 AB")]
    [InlineData("10115", "DE", "10115")]
    [InlineData("1010", "AT", "1010")]
    [InlineData("75001", "FR", "75001")]
    [InlineData("whatever", "XX", "WHATEVER")]
    public void A_postal_code_is_kept_as_its_country_writes_it(string typed, string country, string expected)
    {
        var code = PostalCode.Normalize(typed, country);

        Assert.Equal(expected, code);
        Assert.Null(PostalCode.WhyNot(code, country));
    }

    [Theory]
    [InlineData("9581", "US")]
    [InlineData("95814-12", "US")]
    [InlineData("ABCDE", "US")]
    [InlineData("1011", "DE")]
    [InlineData("D-10115", "DE")]
    [InlineData("SW1A", "GB")]
    [InlineData("12345", "GB")]
    [InlineData("0012 AB", "NL")]
    [InlineData("0010", "AT")]
    [InlineData("7500", "FR")]
    public void A_postal_code_that_its_country_cannot_have_is_refused_with_an_example(string typed, string country) =>
        Assert.Contains(
            "such as",
            PostalCode.WhyNot(PostalCode.Normalize(typed, country), country),
            StringComparison.Ordinal
        );
}
