using System.Collections.Immutable;
using OpenIddict.Abstractions;
using OpenIddict.Server;
using Shop.Users.SignIn;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Shop.Users.Provider;

/// <summary>
/// Decides for whom a token is, after OpenIddict has checked the client and what it has shown: its secret, a code, or a
/// refresh token.
/// </summary>
internal sealed class TokenRequests(PasswordCheck passwords, SingleUse uses, IOpenIddictApplicationManager clients)
    : IOpenIddictServerHandler<HandleTokenRequestContext>
{
    public async ValueTask HandleAsync(HandleTokenRequestContext context)
    {
        var request = context.Request!;
        if (request.IsPasswordGrantType())
        {
            var person = await passwords.FindAsync(request.Username, request.Password);
            SignIn(context, person, Scopes(request), "The e-mail address or the password is wrong.");
        }
        else if (request.IsClientCredentialsGrantType())
        {
            var client = await clients.FindByClientIdAsync(request.ClientId!, context.CancellationToken);
            context.SignIn(
                Principals.Of(
                    (await clients.GetIdAsync(client!, context.CancellationToken))!,
                    Clients.RolesIn(await clients.GetPropertiesAsync(client!, context.CancellationToken)),
                    Scopes(request)
                )
            );
        }
        else
        {
            var before = context.AuthorizationCodePrincipal ?? context.RefreshTokenPrincipal!;
            if (!await uses.TryUseAsync(before, CancellationToken.None))
            {
                context.Reject(Errors.InvalidGrant, "It has been used already.");
                return;
            }

            var person = await passwords.ReloadAsync(
                Guid.Parse(before.GetClaim(Claims.Subject)!),
                before.GetClaim(Principals.SecurityStamp)
            );
            SignIn(
                context,
                person,
                before.GetScopes(),
                "The account is gone, or its password has changed.",
                before.GetClaim(Claims.AuthenticationTime)
            );
        }
    }

    private static void SignIn(
        HandleTokenRequestContext context,
        Person? person,
        ImmutableArray<string> scopes,
        string otherwise,
        string? authenticationTime = null
    )
    {
        if (person is null)
        {
            context.Reject(Errors.InvalidGrant, otherwise);
            return;
        }

        context.SignIn(Principals.Of(person, scopes, authenticationTime));
    }

    // A request that names no scope wants the usual one (RFC 6749, 3.3).
    private static ImmutableArray<string> Scopes(OpenIddictRequest request) =>
        request.Scope is null ? [ProviderSetup.Shop] : request.GetScopes();
}
