using System.Security.Cryptography;
using Shop.ServiceDefaults;

namespace Shop.Users.Provider;

/// <summary>What the provider makes of <see cref="IdentityProviderOptions"/>.</summary>
/// <param name="Issuer">The gateway's public address, with a slash at the end.</param>
/// <param name="KeyEncryptionKey">What keys in the database are encrypted with: 32 bytes.</param>
/// <param name="PasswordHashRounds">Of PBKDF2 with SHA-512 for each password.</param>
internal sealed record ProviderSettings(Uri Issuer, byte[] KeyEncryptionKey, int PasswordHashRounds)
{
    // As many as OWASP's Password Storage Cheat Sheet asks for. Tests and measurements need fewer.
    public const int EnoughRounds = 210_000;

    private const string RoundsSetting = "Identity:PasswordHashRounds";
    private const string KeySetting = "Identity:KeyEncryptionKey";
    private const string IssuerSetting = "Identity:Issuer";
    private const int KeySize = 32;

    // Everybody can read it here, so it protects nothing: it is for developers' machines.
    private static readonly byte[] DevelopmentKey = SHA256.HashData("for development only"u8);

    /// <exception cref="SettingException">Outside Development something is missing, or is what everybody knows.</exception>
    public static ProviderSettings Read(IdentityProviderOptions options, bool isDevelopment)
    {
        var issuer = options.Issuer ?? (isDevelopment ? "http://localhost:8080/" : null);
        if (
            !Uri.TryCreate(issuer, UriKind.Absolute, out var uri)
            || !(uri.Scheme == Uri.UriSchemeHttps || (isDevelopment && uri.Scheme == Uri.UriSchemeHttp))
            || uri.AbsolutePath != "/"
            || uri.Query.Length + uri.Fragment.Length > 0
        )
        {
            throw new SettingException($"set {IssuerSetting} to the gateway's public https address.");
        }

        var rounds = options.PasswordHashRounds;
        if (rounds < 1 || (rounds < EnoughRounds && !isDevelopment))
        {
            throw new SettingException($"set {RoundsSetting} to {EnoughRounds} or more, or leave it out.");
        }

        return new ProviderSettings(uri, ReadKey(options.KeyEncryptionKey, isDevelopment), rounds);
    }

    private static byte[] ReadKey(string? text, bool isDevelopment)
    {
        if (text is null && isDevelopment)
        {
            return DevelopmentKey;
        }

        var key = new byte[KeySize];
        if (!Convert.TryFromBase64String(text ?? "", key, out var length) || length != KeySize)
        {
            throw new SettingException($"set {KeySetting} to {KeySize} random bytes in Base64.");
        }

        return isDevelopment || !key.AsSpan().SequenceEqual(DevelopmentKey)
            ? key
            : throw new SettingException($"{KeySetting} is the one for development; set it to {KeySize} random bytes.");
    }
}
