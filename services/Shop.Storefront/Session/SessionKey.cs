using System.Buffers.Text;
using System.Security.Cryptography;
using Microsoft.AspNetCore.Authentication;

namespace Shop.Storefront.Session;

/// <summary>
/// The random key in a browser's cookie. The database has only its hash, and tokens encrypted with it (AES-256-GCM), so a
/// copy of the database lets nobody act for a user.
/// </summary>
internal sealed class SessionKey
{
    private const int KeySize = 32;
    private const int NonceSize = 12;
    private const int TagSize = 16;

    private readonly byte[] _key;

    private SessionKey(byte[] key) => _key = key;

    /// <summary>A new one.</summary>
    public static SessionKey Create() => new(RandomNumberGenerator.GetBytes(KeySize));

    /// <summary>What a cookie holds; null if it is no key.</summary>
    public static SessionKey? Parse(string text)
    {
        try
        {
            return Base64Url.DecodeFromChars(text) is { Length: KeySize } key ? new SessionKey(key) : null;
        }
        catch (FormatException)
        {
            return null;
        }
    }

    /// <summary>The session's id in the database.</summary>
    public byte[] Id => SHA256.HashData(_key);

    /// <summary>The text for the cookie.</summary>
    public override string ToString() => Base64Url.EncodeToString(_key);

    /// <summary>Encrypts a ticket.</summary>
    public byte[] Encrypt(AuthenticationTicket ticket)
    {
        var plain = TicketSerializer.Default.Serialize(ticket);
        var result = new byte[NonceSize + TagSize + plain.Length];
        var nonce = result.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(EncryptionKey(), TagSize);
        aes.Encrypt(nonce, plain, result.AsSpan(NonceSize + TagSize), result.AsSpan(NonceSize, TagSize));
        return result;
    }

    /// <exception cref="CryptographicException">It was changed.</exception>
    public AuthenticationTicket? Decrypt(ReadOnlySpan<byte> encrypted)
    {
        var plain = new byte[encrypted.Length - NonceSize - TagSize];
        using var aes = new AesGcm(EncryptionKey(), TagSize);
        aes.Decrypt(
            encrypted[..NonceSize],
            encrypted[(NonceSize + TagSize)..],
            encrypted.Slice(NonceSize, TagSize),
            plain
        );
        return TicketSerializer.Default.Deserialize(plain);
    }

    private byte[] EncryptionKey() =>
        HKDF.DeriveKey(HashAlgorithmName.SHA256, _key, KeySize, info: "shop session ticket"u8.ToArray());
}
