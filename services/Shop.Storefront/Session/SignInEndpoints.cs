using Microsoft.AspNetCore.Authentication;
using Microsoft.AspNetCore.Http.HttpResults;
using Microsoft.AspNetCore.Mvc;
using Microsoft.EntityFrameworkCore;
using Microsoft.IdentityModel.Protocols.OpenIdConnect;
using Shop.Storefront.Api;
using Shop.Storefront.Data;

namespace Shop.Storefront.Session;

/// <summary>Where people begin and end a session. Each of them leads to pages of Shop.Users and back.</summary>
internal static class SignInEndpoints
{
    private const string SignInPath = "/sign-in";

    /// <summary>Where people sign in to come back to a path of this site.</summary>
    public static string PathOf(string? returnUrl) =>
        $"{SignInPath}?returnUrl={Uri.EscapeDataString(LocalPath(returnUrl))}";

    public static void MapSignIn(this IEndpointRouteBuilder endpoints)
    {
        endpoints.MapGet(SignInPath, (string? returnUrl) => Challenge(returnUrl, prompt: null)).AllowAnonymous();
        endpoints.MapGet("/register", (string? returnUrl) => Challenge(returnUrl, prompt: "create")).AllowAnonymous();
        endpoints.MapPost("/sign-out", ([FromForm] SignOutForm _) => SignOut()).AllowAnonymous();
        endpoints
            .MapPost("/sign-out/everywhere", ([FromForm] SignOutForm _, EndSessions end) => end.HandleAsync())
            .RequireAuthorization();
    }

    /// <summary>Has no fields of its own; a form is checked for its antiforgery token.</summary>
    internal sealed record SignOutForm;

    private static ChallengeHttpResult Challenge(string? returnUrl, string? prompt)
    {
        var properties = new AuthenticationProperties { RedirectUri = LocalPath(returnUrl), IsPersistent = true };
        if (prompt is not null)
        {
            properties.SetParameter(OpenIdConnectParameterNames.Prompt, prompt);
        }

        return TypedResults.Challenge(properties, [SignInSetup.OpenIdScheme]);
    }

    internal static SignOutHttpResult SignOut() =>
        TypedResults.SignOut(
            new AuthenticationProperties { RedirectUri = "/" },
            [SignInSetup.CookieScheme, SignInSetup.OpenIdScheme]
        );

    /// <summary>A path of this site; anything else could lead people to another site's sign-in page.</summary>
    internal static string LocalPath(string? returnUrl) =>
        returnUrl is ['/', ..] && RedirectHttpResult.IsLocalUrl(returnUrl) ? returnUrl : "/";
}

/// <summary>Signs a user out on all devices: their sessions end here, and their refresh tokens at Shop.Users.</summary>
internal sealed class EndSessions(
    StorefrontDbContext db,
    SignedInUser user,
    IHttpContextAccessor accessor,
    IHttpClientFactory clients
)
{
    /// <summary>
    /// Ends the sessions of a user whose tokens have been revoked already, without asking Shop.Users to sign out as well.
    /// </summary>
    public async Task ForgetAsync()
    {
        await DeleteAsync();
        await accessor.HttpContext!.SignOutAsync(SignInSetup.CookieScheme);
    }

    public async Task<SignOutHttpResult> HandleAsync()
    {
        var refreshToken = await accessor.HttpContext!.GetTokenAsync(
            SignInSetup.CookieScheme,
            OpenIdConnectParameterNames.RefreshToken
        );
        await DeleteAsync();
        if (refreshToken is not null)
        {
            using var content = new FormUrlEncodedContent([
                new("client_id", OpenIdSetup.ClientId),
                new("token", refreshToken),
                new("token_type_hint", "refresh_token"),
            ]);
            using var revoked = await clients
                .CreateClient(GatewayClients.Backchannel)
                .PostAsync(new Uri("connect/revocation", UriKind.Relative), content);
        }

        return SignInEndpoints.SignOut();
    }

    private Task<int> DeleteAsync()
    {
        var userId = user.Id;
        return db.Sessions.Where(session => session.UserId == userId).ExecuteDeleteAsync();
    }
}
