using Shop.ServiceDefaults;

namespace Shop.Users.Provider;

/// <summary>The shop's own program in people's browsers.</summary>
/// <param name="RedirectUris">Where a code may be sent to. Without any there is no storefront.</param>
/// <param name="PostLogoutRedirectUris">Where somebody may be sent to who has signed out.</param>
internal sealed record Storefront(IReadOnlyList<Uri> RedirectUris, IReadOnlyList<Uri> PostLogoutRedirectUris)
{
    public const string ClientId = "shop-storefront";

    private const string Section = "Identity:Storefront:";

    /// <summary>The sites that the addresses are of.</summary>
    public IEnumerable<string> Origins =>
        RedirectUris.Concat(PostLogoutRedirectUris).Select(uri => uri.GetLeftPart(UriPartial.Authority)).Distinct();

    /// <exception cref="SettingException">One is no address that a code may travel to.</exception>
    public static Storefront Read(ClientRegistrations registrations, bool isDevelopment)
    {
        var options = registrations.Storefront;
        var publicAddress = (registrations.Issuer ?? "http://localhost:8080").TrimEnd('/') + "/";
        return new Storefront(
            // The last is the page on which the API is tried out.
            Addresses(
                nameof(options.RedirectUris),
                options.RedirectUris,
                "http://localhost:3000/callback",
                publicAddress + "signin-oidc",
                publicAddress + "docs/"
            ),
            Addresses(
                nameof(options.PostLogoutRedirectUris),
                options.PostLogoutRedirectUris,
                "http://localhost:3000/",
                publicAddress + "signout-callback-oidc"
            )
        );

        Uri[] Addresses(string setting, List<string> configured, params string[] inDevelopment) =>
            [
                .. (configured.Count == 0 && isDevelopment ? inDevelopment : configured.ToArray()).Select(address =>
                    Address(setting, address)
                ),
            ];

        Uri Address(string setting, string address) =>
            Uri.TryCreate(address, UriKind.Absolute, out var uri)
            && (uri.Scheme == Uri.UriSchemeHttps || (uri.Scheme == Uri.UriSchemeHttp && uri.IsLoopback))
            && uri.Fragment.Length == 0
                ? uri
                : throw new SettingException(
                    $"{Section}{setting} may hold https addresses, and http ones of localhost."
                );
    }
}
