using Shop.Storefront.Session;

namespace Shop.Storefront.Tests.Session;

public sealed class LocalPathTests
{
    [Theory]
    [InlineData("/")]
    [InlineData("/checkout")]
    [InlineData("/products?q=a%2Fb&category=home#top")]
    public void A_path_of_this_site_is_kept(string path) => Assert.Equal(path, SignInEndpoints.LocalPath(path));

    [Theory]
    [InlineData(null)]
    [InlineData("")]
    [InlineData("checkout")]
    [InlineData("~/checkout")]
    [InlineData("https://evil.test/")]
    [InlineData("javascript:alert(1)")]
    [InlineData("//evil.test")]
    [InlineData("///evil.test")]
    [InlineData("/\\evil.test")]
    [InlineData("\\\\evil.test")]
    [InlineData(" //evil.test")]
    // Browsers leave these out of an address, and what remains begins with two slashes.
    [InlineData("/\t/evil.test")]
    [InlineData("/\n/evil.test")]
    [InlineData("/\r\n/evil.test")]
    [InlineData("/a\r\nSet-Cookie: a=b")]
    public void What_could_lead_to_another_site_leads_to_the_start_page(string? address) =>
        Assert.Equal("/", SignInEndpoints.LocalPath(address));
}
