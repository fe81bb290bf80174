using OpenIddict.Abstractions;
using OpenIddict.Server;
using static OpenIddict.Abstractions.OpenIddictConstants;
using static OpenIddict.Server.OpenIddictServerEvents;

namespace Shop.Users.Provider;

/// <summary>
/// A code or a refresh token that comes once more ends its sign-in (RFC 9700, 4.14.2). OpenIddict revokes the tokens that there
/// are, and the one that the first use is about to get is not among them.
/// </summary>
internal sealed class EndReused(IOpenIddictTokenManager tokens, SingleUse uses)
    : IOpenIddictServerHandler<ValidateTokenContext>
{
    public static OpenIddictServerHandlerDescriptor Descriptor { get; } =
        OpenIddictServerHandlerDescriptor
            .CreateBuilder<ValidateTokenContext>()
            .UseScopedHandler<EndReused>()
            .SetOrder(OpenIddictServerHandlers.Protection.ValidateTokenEntry.Descriptor.Order - 1)
            .Build();

    public async ValueTask HandleAsync(ValidateTokenContext context)
    {
        if (
            context.Principal?.GetTokenId() is { } id
            && context.Principal.GetAuthorizationId() is { } authorization
            && await tokens.FindByIdAsync(id, context.CancellationToken) is { } token
            && await tokens.HasStatusAsync(token, Statuses.Redeemed, context.CancellationToken)
        )
        {
            await uses.EndAsync(authorization, context.CancellationToken);
        }
    }
}
