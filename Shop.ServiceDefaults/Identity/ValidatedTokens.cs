using System.Security.Claims;
using System.Security.Cryptography;
using System.Text;
using Microsoft.Extensions.Caching.Memory;
using Microsoft.IdentityModel.Tokens;

namespace Shop.ServiceDefaults.Identity;

/// <summary>
/// Tokens that were found to be good lately, so that a signature is checked once and not with each of a caller's requests. A
/// token counts on only while it has not expired and its key is the very one that it was checked with: keys that are fetched
/// anew make every token be checked anew. What a token is found by is its hash; the token itself is not kept.
/// </summary>
internal sealed class ValidatedTokens(SigningKeys keys, TimeProvider time) : IDisposable
{
    private const int MostTokens = 10_000;
    private static readonly TimeSpan Memory = TimeSpan.FromMinutes(2);

    private readonly MemoryCache _tokens = new(new MemoryCacheOptions { SizeLimit = MostTokens });

    /// <summary>What came of checking the token, or <see langword="null"/> when it has to be checked.</summary>
    public async ValueTask<TokenValidationResult?> FindAsync(string token)
    {
        if (!_tokens.TryGetValue(KeyOf(token), out Entry? entry))
        {
            return null;
        }

        var (signed, identity) = entry!;
        // Asked for all the same: that is how it is noticed that the keys are old.
        await keys.LookForAsync(signed.SigningKey.KeyId);
        return
            ReferenceEquals(keys.Find(signed.SigningKey.KeyId), signed.SigningKey)
            && AccessTokens.IsAlive(from: null, signed.ValidTo, time.GetUtcNow().UtcDateTime)
            // A copy, since whoever gets it may add to it.
            ? new TokenValidationResult
            {
                IsValid = true,
                SecurityToken = signed,
                ClaimsIdentity = identity.Clone(),
            }
            : null;
    }

    /// <summary>Remembers a token that was found to be good.</summary>
    public void Add(string token, TokenValidationResult found) =>
        _tokens.Set(
            KeyOf(token),
            new Entry(found.SecurityToken, found.ClaimsIdentity.Clone()),
            new MemoryCacheEntryOptions { Size = 1, SlidingExpiration = Memory }
        );

    public void Dispose() => _tokens.Dispose();

    private static string KeyOf(string token) => Convert.ToBase64String(SHA256.HashData(Encoding.UTF8.GetBytes(token)));

    private sealed record Entry(SecurityToken Token, ClaimsIdentity Identity);
}
