using Shop.ServiceDefaults;

namespace Shop.Users.Provider;

/// <summary>The configuration section <c>Identity</c>, as far as it is about the provider.</summary>
internal sealed class IdentityProviderOptions
{
    public const string Section = "Identity";

    /// <summary>The gateway's public address, with https outside Development.</summary>
    [RequiredOutsideDevelopment("the gateway's public address")]
    public string? Issuer { get; set; }

    /// <summary>
    /// What keys in the database are encrypted with: 32 random bytes in Base64 (<c>openssl rand -base64 32</c>). In
    /// Development a key that everybody knows unless it is set.
    /// </summary>
    [Secret]
    [RequiredOutsideDevelopment("32 random bytes in Base64")]
    public string? KeyEncryptionKey { get; set; }

    /// <summary>Rounds of PBKDF2 with SHA-512 for each password. Fewer than the default only in Development.</summary>
    public int PasswordHashRounds { get; set; } = ProviderSettings.EnoughRounds;
}

/// <summary>
/// The configuration section <c>Identity</c>, as far as <c>migrate</c> reads it, too: it stores who may ask for tokens, and
/// needs no secret of the provider.
/// </summary>
internal sealed class ClientRegistrations
{
    /// <summary>The gateway's public address: in Development the storefront is there unless other addresses are set.</summary>
    public string? Issuer { get; set; }

    /// <summary>The shop's own browser client.</summary>
    public StorefrontOptions Storefront { get; set; } = new();

    /// <summary>The programs that get tokens with a secret of their own, by their ids.</summary>
    public Dictionary<string, ClientOptions> Clients { get; } = [];
}

/// <summary>Where the storefront may be.</summary>
internal sealed class StorefrontOptions
{
    /// <summary>
    /// Allowed redirect addresses for authorization codes: https, or http on localhost. An empty list disables the storefront. In
    /// Development the defaults are <c>signin-oidc</c> and <c>docs/</c> below the public address, and
    /// <c>http://localhost:3000/callback</c>.
    /// </summary>
    public List<string> RedirectUris { get; } = [];

    /// <summary>
    /// Allowed redirect addresses after sign-out. In Development the defaults are <c>signout-callback-oidc</c> below the
    /// public address, and <c>http://localhost:3000/</c>.
    /// </summary>
    public List<string> PostLogoutRedirectUris { get; } = [];
}

/// <summary>A program that gets tokens by the grant "client credentials".</summary>
internal sealed class ClientOptions
{
    /// <summary>At least 32 random characters. Required for each client.</summary>
    [Secret]
    public string? Secret { get; set; }

    /// <summary>The roles that the client has: <c>customer</c>, <c>operator</c> or <c>admin</c>.</summary>
    public List<string> Roles { get; } = [];
}
