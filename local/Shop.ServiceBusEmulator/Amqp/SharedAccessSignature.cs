using System.Globalization;
using System.Security.Cryptography;
using System.Text;

namespace Shop.ServiceBusEmulator.Amqp;

/// <summary>The name and the key that clients must know.</summary>
internal sealed record SharedAccessKey(string Name, string Key);

/// <summary>What a token allows, until when; or why it is refused.</summary>
internal readonly record struct TokenClaim(string Path, DateTimeOffset ExpiresAt, string? Refusal)
{
    /// <summary>A token for a path is good for everything below it.</summary>
    public bool Covers(string path) => Covers(Path, path);

    public static bool Covers(string claimed, string path) =>
        claimed.Length == 0
        || path.Equals(claimed, StringComparison.OrdinalIgnoreCase)
        || path.StartsWith(claimed + "/", StringComparison.OrdinalIgnoreCase);
}

/// <summary>
/// Verifies a shared access signature: <c>SharedAccessSignature sr={resource}&amp;sig={signature}&amp;se={expiry}&amp;skn={key
/// name}</c>, the signature being HMAC-SHA256 over the URL-encoded resource, a line feed and the expiry.
/// </summary>
internal static class SharedAccessSignature
{
    private const string Prefix = "SharedAccessSignature ";

    public static TokenClaim Verify(string token, SharedAccessKey key, DateTimeOffset now)
    {
        if (!token.StartsWith(Prefix, StringComparison.OrdinalIgnoreCase))
        {
            return Refused("The token is no SharedAccessSignature.");
        }

        var fields = token[Prefix.Length..]
            .Split('&')
            .Select(field => field.Split('=', 2))
            .Where(pair => pair.Length == 2)
            .DistinctBy(pair => pair[0], StringComparer.OrdinalIgnoreCase)
            .ToDictionary(pair => pair[0], pair => pair[1], StringComparer.OrdinalIgnoreCase);
        if (
            !fields.TryGetValue("sr", out var resource)
            || !fields.TryGetValue("sig", out var signature)
            || !fields.TryGetValue("se", out var expiry)
            || !fields.TryGetValue("skn", out var name)
            || !long.TryParse(expiry, NumberStyles.None, CultureInfo.InvariantCulture, out var seconds)
        )
        {
            return Refused("The token needs sr, sig, se and skn.");
        }

        // The same answer for an unknown name and a wrong key: it tells nothing about the names.
        if (Uri.UnescapeDataString(name) != key.Name || !IsSignature(signature, $"{resource}\n{expiry}", key.Key))
        {
            return Refused("The token has an invalid signature.");
        }

        var expiresAt = Moment(seconds);
        return expiresAt <= now
            ? Refused("The token has expired.")
            : new(NodeAddress.PathOf(Uri.UnescapeDataString(resource)), expiresAt, null);
    }

    /// <summary>Compares secrets without telling by the time it takes how much of them agrees.</summary>
    public static bool SameSecret(string given, string expected) =>
        CryptographicOperations.FixedTimeEquals(
            SHA256.HashData(Encoding.UTF8.GetBytes(given)),
            SHA256.HashData(Encoding.UTF8.GetBytes(expected))
        );

    private static bool IsSignature(string signature, string text, string key)
    {
        var expected = HMACSHA256.HashData(Encoding.UTF8.GetBytes(key), Encoding.UTF8.GetBytes(text));
        var given = new byte[expected.Length + 2];
        return Convert.TryFromBase64String(Uri.UnescapeDataString(signature), given, out var written)
            && CryptographicOperations.FixedTimeEquals(given.AsSpan(0, written), expected);
    }

    private static DateTimeOffset Moment(long seconds) =>
        seconds <= DateTimeOffset.MaxValue.ToUnixTimeSeconds()
            ? DateTimeOffset.FromUnixTimeSeconds(seconds)
            : DateTimeOffset.MaxValue;

    private static TokenClaim Refused(string reason) => new("", default, reason);
}
