using System.Security.Claims;

namespace Shop.ServiceDefaults;

/// <summary>What endpoints ask of the caller's identity.</summary>
public static class UserExtensions
{
    /// <summary>The caller's user id.</summary>
    /// <exception cref="InvalidOperationException">The user is not authenticated: the endpoint lacks a policy.</exception>
    public static Guid GetUserId(this ClaimsPrincipal user) =>
        Guid.TryParse(user.FindFirstValue("sub"), out var id)
            ? id
            : throw new InvalidOperationException(
                "There is no authenticated user here; protect the endpoint with RequireAuthorization()."
            );
}
