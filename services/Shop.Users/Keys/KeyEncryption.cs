using System.Security.Cryptography;
using System.Xml.Linq;
using Microsoft.AspNetCore.DataProtection.XmlEncryption;

namespace Shop.Users.Keys;

/// <summary>
/// Keeps keys in the database unreadable to who has only the database: AES-256-GCM with the key from
/// <c>Identity:KeyEncryptionKey</c>.
/// </summary>
internal sealed class KeyEncryption(byte[] key)
{
    private const int TagSize = 16;
    private const int NonceSize = 12;

    /// <returns>Nonce, tag and cipher text.</returns>
    public byte[] Encrypt(ReadOnlySpan<byte> plain)
    {
        var result = new byte[NonceSize + TagSize + plain.Length];
        var nonce = result.AsSpan(0, NonceSize);
        RandomNumberGenerator.Fill(nonce);
        using var aes = new AesGcm(key, TagSize);
        aes.Encrypt(nonce, plain, result.AsSpan(NonceSize + TagSize), result.AsSpan(NonceSize, TagSize));
        return result;
    }

    /// <exception cref="CryptographicException">It was encrypted with another key, or changed.</exception>
    public byte[] Decrypt(ReadOnlySpan<byte> encrypted)
    {
        var plain = new byte[encrypted.Length - NonceSize - TagSize];
        using var aes = new AesGcm(key, TagSize);
        aes.Decrypt(
            encrypted[..NonceSize],
            encrypted[(NonceSize + TagSize)..],
            encrypted.Slice(NonceSize, TagSize),
            plain
        );
        return plain;
    }
}

/// <summary>The same for the key ring that cookies and forms are protected with.</summary>
internal sealed class XmlKeyEncryptor(KeyEncryption encryption) : IXmlEncryptor
{
    public EncryptedXmlInfo Encrypt(XElement plaintextElement)
    {
        var plain = System.Text.Encoding.UTF8.GetBytes(plaintextElement.ToString(SaveOptions.DisableFormatting));
        return new EncryptedXmlInfo(
            new XElement("key", Convert.ToBase64String(encryption.Encrypt(plain))),
            typeof(XmlKeyDecryptor)
        );
    }
}

/// <summary>Undoes <see cref="XmlKeyEncryptor"/>; the key ring names it and makes it.</summary>
internal sealed class XmlKeyDecryptor(IServiceProvider services) : IXmlDecryptor
{
    public XElement Decrypt(XElement encryptedElement) =>
        XElement.Parse(
            System.Text.Encoding.UTF8.GetString(
                services.GetRequiredService<KeyEncryption>().Decrypt(Convert.FromBase64String(encryptedElement.Value))
            )
        );
}
