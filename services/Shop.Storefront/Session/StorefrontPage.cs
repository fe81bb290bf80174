namespace Shop.Storefront.Session;

/// <summary>Marks the storefront's endpoints: only they accept the session cookie.</summary>
internal sealed class StorefrontPage
{
    public static readonly StorefrontPage Instance = new();
}
