using System.Security.Cryptography;
using Microsoft.Extensions.Options;
using Microsoft.Extensions.Primitives;
using Microsoft.IdentityModel.Tokens;
using OpenIddict.Server;
using Shop.Users.Keys;

namespace Shop.Users.Provider;

/// <summary>Gives OpenIddict the issuer's name and the keys of the ring, anew each time these have changed.</summary>
internal sealed class ProviderOptions(KeyRing ring, ProviderSettings settings)
    : IConfigureOptions<OpenIddictServerOptions>,
        IOptionsChangeTokenSource<OpenIddictServerOptions>
{
    // OpenIddict looks at its options in every request, also in those that are none of its business, and before the
    // database could be asked for keys. It wants to see some, but uses none before UseCurrentKeys has read the ring.
    private static readonly Lazy<ECDsaSecurityKey> Nobodys = new(() =>
        new ECDsaSecurityKey(ECDsa.Create(ECCurve.NamedCurves.nistP256)) { KeyId = "none" }
    );

    public string Name => Options.DefaultName;

    public IChangeToken GetChangeToken() => ring.GetChangeToken();

    public void Configure(OpenIddictServerOptions options)
    {
        options.Issuer = settings.Issuer;
        var keys = ring.Keys;
        foreach (var key in keys)
        {
            options.SigningCredentials.Add(new SigningCredentials(key.Signing, SecurityAlgorithms.RsaSha256));
            options.EncryptionCredentials.Add(
                new EncryptingCredentials(
                    key.Encryption,
                    SecurityAlgorithms.Aes256KW,
                    SecurityAlgorithms.Aes256CbcHmacSha512
                )
            );
        }

        if (keys.Count == 0)
        {
            options.SigningCredentials.Add(new SigningCredentials(Nobodys.Value, SecurityAlgorithms.EcdsaSha256));
            options.EncryptionCredentials.Add(
                new EncryptingCredentials(
                    new SymmetricSecurityKey(RandomNumberGenerator.GetBytes(32)),
                    SecurityAlgorithms.Aes256KW,
                    SecurityAlgorithms.Aes256CbcHmacSha512
                )
            );
        }
    }
}
