namespace Shop.Users.Pages;

/// <summary>Where somebody goes after signing in: on with what a client has asked for, and nowhere else.</summary>
internal static class ReturnAddress
{
    public const string Parameter = "returnUrl";

    private const string Allowed = Provider.AuthorizationRequests.Path + "?";

    /// <summary>The address in the request's query, if it is one that may be gone to; else null.</summary>
    /// <remarks>
    /// It begins with a path of this site, so no host can be in it (RFC 9700, 4.11: open redirectors), and it is ASCII without
    /// controls and spaces, or the server would not let it into a header.
    /// </remarks>
    public static string? Of(HttpRequest request) =>
        request.Query[Parameter].ToString() is var address
        && address.StartsWith(Allowed, StringComparison.Ordinal)
        && address.All(character => character is > ' ' and < '\u007f')
            ? address
            : null;

    /// <summary>A path of this site with the address in its query, if there is one.</summary>
    public static string AddTo(string path, string? address) =>
        address is null ? path : path + QueryString.Create(Parameter, address);
}
