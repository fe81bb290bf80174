using System.Security.Claims;
using Microsoft.EntityFrameworkCore;
using OpenIddict.Abstractions;
using OpenIddict.EntityFrameworkCore.Models;
using Shop.Users.Data;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.Users.Provider;

/// <summary>
/// A code or a refresh token is good for one answer, also when it is used twice at the same moment. OpenIddict sees a second use only
/// after the first has ended, and would give both an answer.
/// </summary>
internal sealed class SingleUse(IOpenIddictTokenManager tokens, UsersDbContext db)
{
    /// <returns>False when somebody was quicker; then all that came of the same sign-in is revoked.</returns>
    public async Task<bool> TryUseAsync(ClaimsPrincipal principal, CancellationToken cancellationToken)
    {
        var token = await tokens.FindByIdAsync(principal.GetTokenId()!, cancellationToken);
        if (token is not null && await tokens.TryRedeemAsync(token, cancellationToken))
        {
            return true;
        }

        await EndAsync(principal.GetAuthorizationId()!, cancellationToken);
        return false;
    }

    /// <summary>Ends a sign-in: all that came of it is worth nothing, and what is about to come neither.</summary>
    public async Task EndAsync(string authorizationId, CancellationToken cancellationToken)
    {
        // First, since somebody may be about to add a token to it. Not through its manager, which gives way to whoever else
        // changes it at that moment.
        var key = Guid.Parse(authorizationId);
        await db.Set<OpenIddictEntityFrameworkCoreAuthorization<Guid>>()
            .Where(authorization => authorization.Id == key)
            .ExecuteUpdateAsync(
                change => change.SetProperty(authorization => authorization.Status, Statuses.Revoked),
                cancellationToken
            );
        await tokens.RevokeByAuthorizationIdAsync(authorizationId, cancellationToken);
    }
}
