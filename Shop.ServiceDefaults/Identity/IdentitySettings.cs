using Microsoft.Extensions.Hosting;

namespace Shop.ServiceDefaults.Identity;

/// <summary>Whose tokens count, as <see cref="IdentityOptions"/> say it.</summary>
/// <param name="Issuer">Who must have issued a token: the gateway's public address, as it stands in the claim <c>iss</c>.</param>
/// <param name="Authority">Where the issuer's discovery document is fetched from, inside of the system; no slash at the end.</param>
internal sealed record IdentitySettings(string Issuer, string Authority)
{
    /// <exception cref="SettingException">There is no issuer, outside Development, or it is no address.</exception>
    public static IdentitySettings Read(IdentityOptions options, IHostEnvironment environment)
    {
        var issuer = options.Issuer ?? (environment.IsDevelopment() ? "http://localhost:8080/" : null);
        if (
            !Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
            || (uri.Scheme != Uri.UriSchemeHttps && uri.Scheme != Uri.UriSchemeHttp)
        )
        {
            throw new SettingException("set Identity:Issuer to the gateway's public address.");
        }

        return new IdentitySettings(uri.AbsoluteUri, options.Authority.TrimEnd('/'));
    }
}
