using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Identity;

/// <summary>The configuration section <c>Identity</c>, as far as it says whose tokens count.</summary>
/// <param name="Issuer">Who must have issued a token: the gateway's public address, as it stands in the claim <c>iss</c>.</param>
/// <param name="Authority">Where the issuer's discovery document is fetched from, inside of the system; no slash at the end.</param>
internal sealed record IdentitySettings(string Issuer, string Authority)
{
    private const string IssuerSetting = "Identity:Issuer";
    private const string AuthoritySetting = "Identity:Authority";

    /// <exception cref="SettingException">There is no issuer, outside Development, or it is no address.</exception>
    public static IdentitySettings Read(IConfiguration configuration, IHostEnvironment environment)
    {
        var issuer = configuration[IssuerSetting] ?? (environment.IsDevelopment() ? "http://localhost:8080/" : null);
        if (
            !Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
        )
        {
            throw new SettingException($"set {IssuerSetting} to the gateway's public address.");
        }

        var authority = configuration[AuthoritySetting] ?? "https+http://users";
        return new IdentitySettings(uri.AbsoluteUri, authority.TrimEnd('/'));
    }
}
