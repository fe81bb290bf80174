namespace Shop.Users.Provider;

/// <summary>How long what the provider issues is worth something.</summary>
internal static class TokenLifetimes
{
    /// <summary>Short, since an access token cannot be taken back.</summary>
    public static readonly TimeSpan Access = TimeSpan.FromMinutes(15);

    public static readonly TimeSpan Refresh = TimeSpan.FromDays(14);

    public static readonly TimeSpan Code = TimeSpan.FromMinutes(5);
}
