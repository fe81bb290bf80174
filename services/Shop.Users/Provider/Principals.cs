using System.Collections.Immutable;
using System.Globalization;
using System.Security.Claims;
using OpenIddict.Abstractions;
using Shop.Users.SignIn;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.Users.Provider;

/// <summary>What tokens tell of who they are for.</summary>
internal static class Principals
{
    /// <summary>In codes and refresh tokens only, which nobody else can read.</summary>
    public const string SecurityStamp = "shop_stamp";

    /// <param name="person">Who it is.</param>
    /// <param name="scopes">What the client was granted.</param>
    /// <param name="authenticationTime">When they gave their password, in seconds since 1970; null where none was asked for.</param>
    public static ClaimsPrincipal Of(Person person, ImmutableArray<string> scopes, string? authenticationTime = null)
    {
        var principal = Of(person.Id.ToString(), person.Roles, scopes);
        principal.SetClaim(Claims.Name, person.Name).SetClaim(SecurityStamp, person.SecurityStamp);
        if (authenticationTime is not null)
        {
            principal.SetClaim(Claims.AuthenticationTime, long.Parse(authenticationTime, CultureInfo.InvariantCulture));
        }

        return principal.SetDestinations(Destinations);
    }

    public static ClaimsPrincipal Of(string subject, IEnumerable<string> roles, ImmutableArray<string> scopes)
    {
        var principal = new ClaimsPrincipal(new ClaimsIdentity("Shop", Claims.Name, Claims.Role));
        principal.SetClaim(Claims.Subject, subject).SetClaims(Claims.Role, [.. roles]).SetScopes(scopes);
        if (principal.HasScope(ProviderSetup.Shop))
        {
            principal.SetResources(ProviderSetup.Shop);
        }

        return principal.SetDestinations(Destinations);
    }

    private static IEnumerable<string> Destinations(Claim claim) =>
        claim.Type switch
        {
            Claims.Role => [OpenIddictConstants.Destinations.AccessToken],
            Claims.Name or Claims.AuthenticationTime => [OpenIddictConstants.Destinations.IdentityToken],
            _ => [],
        };
}
