namespace Shop.Storefront.Session;

/// <summary>A signed-in browser. The tokens never leave the server.</summary>
internal sealed class StoredSession
{
    /// <summary>The SHA-256 hash of the key that the browser's cookie holds.</summary>
    public required byte[] Id { get; init; }

    /// <summary>Who is signed in.</summary>
    public required Guid UserId { get; set; }

    /// <summary>The authentication ticket with the tokens, encrypted with the browser's key.</summary>
    public required byte[] Ticket { get; set; }

    /// <summary>When it ends.</summary>
    public required DateTimeOffset ExpiresAt { get; set; }
}
