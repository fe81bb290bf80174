using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Shop.ServiceDefaults.Identity;

/// <summary>Validates a token after it has seen to the key that the token names.</summary>
internal sealed class AccessTokenHandler : JsonWebTokenHandler
{
    private readonly SigningKeys _keys;

    public AccessTokenHandler(SigningKeys keys)
    {
        _keys = keys;
        MapInboundClaims = false;
    }

    public override async Task<TokenValidationResult> ValidateTokenAsync(
        string token,
        TokenValidationParameters validationParameters
    )
    {
        var read = ReadJsonWebToken(token);
        return await _keys.LookForAsync(read.Kid)
            ? await ValidateTokenAsync(read, validationParameters)
            : new TokenValidationResult { Exception = new SigningKeysUnavailableException() };
    }
}

/// <summary>Nothing can be said about a token: the issuer's keys have never been here.</summary>
internal sealed class SigningKeysUnavailableException() : Exception("The token issuer's keys are not available.");

/// <summary>The token is good, but not for the shop's API.</summary>
internal sealed class InsufficientScopeException() : Exception("The token's scope does not cover the shop.");
