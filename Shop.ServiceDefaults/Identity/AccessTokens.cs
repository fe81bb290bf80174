using System.Globalization;
using System.Security.Claims;
using Microsoft.AspNetCore.Authentication.JwtBearer;
using Microsoft.AspNetCore.Http;
using Microsoft.IdentityModel.Tokens;
using Microsoft.Net.Http.Headers;

namespace Shop.ServiceDefaults.Identity;

/// <summary>
/// What an access token must be (RFC 9068), and how one that is not is refused (RFC 6750). A caller learns that a token does
/// not count, and not why.
/// </summary>
internal static class AccessTokens
{
    private const string Audience = "shop";
    private const string Scope = "shop";
    private static readonly TimeSpan ClockSkew = TimeSpan.FromSeconds(30);

    public static void Configure(
        JwtBearerOptions options,
        IdentitySettings settings,
        SigningKeys keys,
        ValidatedTokens validated,
        TimeProvider time
    )
    {
        options.MapInboundClaims = false;
        options.SaveToken = false;
        options.IncludeErrorDetails = false;
        options.TokenHandlers.Clear();
        options.TokenHandlers.Add(new AccessTokenHandler(keys, validated));
        options.TokenValidationParameters = new TokenValidationParameters
        {
            ValidIssuer = settings.Issuer,
            ValidAudience = Audience,
            ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
            ValidTypes = ["at+jwt"],
            TryAllIssuerSigningKeys = false,
            IssuerSigningKeyResolver = (_, _, keyId, _) => keys.Find(keyId) is { } key ? [key] : [],
            LifetimeValidator = (from, until, _, _) => IsAlive(from, until, time.GetUtcNow().UtcDateTime),
            NameClaimType = "sub",
            RoleClaimType = "role",
        };
        options.Events = new JwtBearerEvents { OnTokenValidated = CheckAsync, OnChallenge = RefuseAsync };
    }

    /// <summary>Whether a token of that time counts now.</summary>
    public static bool IsAlive(DateTime? from, DateTime? until, DateTime now) =>
        until is not null && now < until + ClockSkew && (from is null || now >= from - ClockSkew);

    private static Task CheckAsync(TokenValidatedContext context)
    {
        var user = context.Principal!;
        if (!Guid.TryParse(user.FindFirstValue("sub"), out _))
        {
            context.Fail("The subject is no user.");
        }
        else if (!user.FindAll("scope").Any(scope => scope.Value.Split(' ').Contains(Scope, StringComparer.Ordinal)))
        {
            context.Fail(new InsufficientScopeException());
        }

        return Task.CompletedTask;
    }

    private static Task RefuseAsync(JwtBearerChallengeContext context)
    {
        var headers = context.Response.Headers;
        switch (context.AuthenticateFailure)
        {
            case null:
                break;
            case SigningKeysUnavailableException:
                headers.RetryAfter = SigningKeys.RetryAfter.TotalSeconds.ToString(CultureInfo.InvariantCulture);
                Answer(StatusCodes.Status503ServiceUnavailable);
                break;
            case InsufficientScopeException:
                headers.Append(HeaderNames.WWWAuthenticate, $"Bearer error=\"insufficient_scope\", scope=\"{Scope}\"");
                Answer(StatusCodes.Status403Forbidden);
                break;
            default:
                context.Error = "invalid_token";
                break;
        }

        return Task.CompletedTask;

        // Its body, problem details, is written where those of all bare statuses are.
        void Answer(int status)
        {
            context.Response.StatusCode = status;
            context.HandleResponse();
        }
    }
}
