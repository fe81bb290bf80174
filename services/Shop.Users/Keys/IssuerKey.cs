namespace Shop.Users.Keys;

/// <summary>A key pair that tokens are signed with, as it lies in the database.</summary>
internal sealed class IssuerKey
{
    private IssuerKey() { }

    public IssuerKey(Guid id, byte[] encryptedKey, DateTimeOffset createdAt, DateTimeOffset signsFrom)
    {
        Id = id;
        EncryptedKey = encryptedKey;
        CreatedAt = createdAt;
        SignsFrom = signsFrom;
    }

    /// <summary>The key's id in tokens (<c>kid</c>).</summary>
    public Guid Id { get; private init; }

    /// <summary>PKCS #8, encrypted with the key from configuration.</summary>
    public byte[] EncryptedKey { get; private init; } = [];

    public DateTimeOffset CreatedAt { get; private init; }

    /// <summary>It is published before, so that everybody knows it by then.</summary>
    public DateTimeOffset SignsFrom { get; private init; }
}
