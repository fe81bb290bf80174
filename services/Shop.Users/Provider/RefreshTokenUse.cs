using System.Security.Claims;
using OpenIddict.Abstractions;

namespace Shop.Users.Provider;

/// <summary>
/// A refresh token is good for one answer, also when it is used twice at the same moment. OpenIddict sees a second use only
/// after the first has ended, and would give both an answer.
/// </summary>
internal sealed class RefreshTokenUse(IOpenIddictTokenManager tokens, IOpenIddictAuthorizationManager authorizations)
{
    /// <returns>False when somebody was quicker; then all that came of the same sign-in is revoked.</returns>
    public async Task<bool> TryUseAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        var token = await tokens.FindByIdAsync(principal.GetTokenId()!, cancellationToken);
        if (token is not null && await tokens.TryRedeemAsync(token, cancellationToken))
        {
            return true;
        }

        var id = principal.GetAuthorizationId()!;
        // First, since the quicker one may be about to add a token to it.
        if (await authorizations.FindByIdAsync(id, cancellationToken) is { } authorization)
        {
            await authorizations.TryRevokeAsync(authorization, cancellationToken);
        }

        await tokens.RevokeByAuthorizationIdAsync(id, cancellationToken);
        return false;
    }
}
