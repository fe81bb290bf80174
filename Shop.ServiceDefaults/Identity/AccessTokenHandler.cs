using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Shop.ServiceDefaults.Identity;

/// <summary>Validates a token, unless it has just done so, after it has seen to the key that the token names.</summary>
internal sealed class AccessTokenHandler : JsonWebTokenHandler
{
    private readonly SigningKeys _keys;
    private readonly ValidatedTokens _validated;

    public AccessTokenHandler(SigningKeys keys, ValidatedTokens validated)
    {
        (_keys, _validated) = (keys, validated);
        MapInboundClaims = false;
    }

    public override async Task<TokenValidationResult> ValidateTokenAsync(
        string token,
        TokenValidationParameters validationParameters
    )
    {
        if (await _validated.FindAsync(token) is { } known)
        {
            return known;
        }

        var read = ReadJsonWebToken(token);
        if (!await _keys.LookForAsync(read.Kid))
        {
            return new TokenValidationResult { Exception = new SigningKeysUnavailableException() };
        }

        var found = await ValidateTokenAsync(read, validationParameters);
        if (found.IsValid)
        {
            _validated.Add(token, found);
        }

        return found;
    }
}

/// <summary>Nothing can be said about a token: the issuer's keys have never been here.</summary>
internal sealed class SigningKeysUnavailableException() : Exception("The token issuer's keys are not available.");

/// <summary>The token is good, but not for the shop's API.</summary>
internal sealed class InsufficientScopeException() : Exception("The token's scope does not cover the shop.");
