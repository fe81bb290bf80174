using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Shop.Users.Pages;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.Users.Provider;

/// <summary>
/// <c>/connect/logout</c> (OpenID Connect RP-Initiated Logout 1.0): ends the session and leads back to the client. Who does
/// not show an ID token of the person at the browser could be any site, so the person is asked.
/// </summary>
internal static class EndSessionRequests
{
    public const string Path = "/connect/logout";

    private const string Scheme = OpenIddictServerAspNetCoreDefaults.AuthenticationScheme;

    public static async Task<IResult> HandleAsync(HttpContext http, Session session, Form form)
    {
        if (ProtocolError.In(http) is { } error)
        {
            return error;
        }

        var signedIn = await session.FindAsync(http);
        if (
            signedIn is not null
            && await HintedAsync(http) != signedIn.Person.Id.ToString()
            && (!HttpMethods.IsPost(http.Request.Method) || await form.ReadAsync(http) is null)
        )
        {
            return LogoutPage.Ask(http, form, Path, Again(http.GetOpenIddictServerRequest()!));
        }

        await Session.EndAsync(http);
        return TypedResults.SignOut(new AuthenticationProperties { RedirectUri = LogoutPage.Path }, [Scheme]);
    }

    private static async Task<string?> HintedAsync(HttpContext http) =>
        (await http.AuthenticateAsync(Scheme)).Principal?.GetClaim(Claims.Subject);

    private static IEnumerable<KeyValuePair<string, string?>> Again(OpenIddictRequest request) =>
        [
            new(Parameters.ClientId, request.ClientId),
            new(Parameters.IdTokenHint, request.IdTokenHint),
            new(Parameters.PostLogoutRedirectUri, request.PostLogoutRedirectUri),
            new(Parameters.State, request.State),
        ];
}
