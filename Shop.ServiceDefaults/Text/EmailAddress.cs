using System.Globalization;

namespace Shop.ServiceDefaults.Text;

/// <summary>E-mail addresses as mail systems compare them.</summary>
public static class EmailAddress
{
    private static readonly IdnMapping s_domains = new();

    /// <summary>
    /// The form in which two spellings of an address are the same: NFC, without regard to case, and the domain in ASCII
    /// (RFC 5891), so that <c>Bücher.example</c> is <c>xn--bcher-kva.example</c>. What is no address is compared as it is.
    /// </summary>
    public static string Normalize(string? address)
    {
        var tidy = UserText.Tidy(address);
        var at = tidy.LastIndexOf('@');
        return at < 0
            ? tidy.ToUpperInvariant()
            : tidy[..at].ToUpperInvariant() + "@" + (DomainOf(tidy) ?? tidy[(at + 1)..]).ToUpperInvariant();
    }

    /// <summary>The domain of an address in ASCII; null when it is none.</summary>
    public static string? DomainOf(string address)
    {
        ArgumentNullException.ThrowIfNull(address);
        try
        {
            return s_domains.GetAscii(address[(address.LastIndexOf('@') + 1)..]);
        }
        catch (ArgumentException)
        {
            return null;
        }
    }
}
