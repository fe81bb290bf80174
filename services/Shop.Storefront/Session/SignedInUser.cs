using System.Security.Claims;
using Microsoft.AspNetCore.Authentication;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Shop.ServiceDefaults;

namespace Shop.Storefront.Session;

/// <summary>Who looks at the page.</summary>
internal sealed class SignedInUser(IHttpContextAccessor accessor)
{
    private HttpContext Http => accessor.HttpContext ?? throw new InvalidOperationException("There is no request.");

    private ClaimsPrincipal Principal => Http.User;

    public bool IsSignedIn => Principal.Identity is { IsAuthenticated: true };

    /// <summary>The user's id; null for an anonymous visitor.</summary>
    public Guid? Id => IsSignedIn ? Principal.GetUserId() : null;

    public string Name => Principal.Identity?.Name ?? "";

    /// <summary>Operators and administrators.</summary>
    public bool IsStaff => Principal.IsInRole(Policies.Operator) || Principal.IsInRole(Policies.Admin);

    public bool IsAdmin => Principal.IsInRole(Policies.Admin);

    /// <summary>For the gateway; null for an anonymous visitor.</summary>
    public string? AccessToken =>
        Http
            .Features.Get<IAuthenticateResultFeature>()
            ?.AuthenticateResult?.Properties?.GetTokenValue(OpenIdConnectParameterNames.AccessToken);
}
