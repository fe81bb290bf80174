using Microsoft.AspNetCore;
using Microsoft.AspNetCore.Authentication;
using OpenIddict.Abstractions;
using OpenIddict.Server.AspNetCore;
using Shop.Users.Pages;
using static OpenIddict.Abstractions.OpenIddictConstants;

namespace Shop.Users.Provider;

/// <summary>
/// <c>/connect/authorize</c>: a code for whoever is signed in at the browser, after OpenIddict has checked the client, its
/// redirect URI, its scopes and its code challenge. Nobody is asked for consent: the client is the shop itself.
/// </summary>
internal static class AuthorizationRequests
{
    public const string Path = "/connect/authorize";

    /// <summary>The prompt by which a client asks for the registration page.</summary>
    public const string Create = "create";

    public static async Task<IResult> HandleAsync(HttpContext http, Session session, TimeProvider time)
    {
        if (ProtocolError.In(http) is { } error)
        {
            return error;
        }

        var request = http.GetOpenIddictServerRequest()!;
        var signedIn = await session.FindAsync(http);
        if (signedIn is not null && !WantsFreshSignIn(request, signedIn.Since, time.GetUtcNow()))
        {
            var principal = Principals.Of(signedIn.Person, request.GetScopes(), signedIn.AuthenticationTime);
            return TypedResults.SignIn(principal, null, OpenIddictServerAspNetCoreDefaults.AuthenticationScheme);
        }

        return request.HasPromptValue(PromptValues.None)
            ? TypedResults.Forbid(
                new AuthenticationProperties(
                    new Dictionary<string, string?>
                    {
                        [OpenIddictServerAspNetCoreConstants.Properties.Error] = Errors.LoginRequired,
                        [OpenIddictServerAspNetCoreConstants.Properties.ErrorDescription] = "Nobody is signed in.",
                    }
                ),
                [OpenIddictServerAspNetCoreDefaults.AuthenticationScheme]
            )
            : Redirect.To(ReturnAddress.AddTo(PageFor(request), Again(request)));
    }

    // "Initiating User Registration via OpenID Connect 1.0".
    private static string PageFor(OpenIddictRequest request) =>
        request.HasPromptValue(Create) ? RegisterPage.Path : LoginPage.Path;

    private static bool WantsFreshSignIn(OpenIddictRequest request, DateTimeOffset since, DateTimeOffset now) =>
        request.HasPromptValue(PromptValues.Login)
        || (request.MaxAge is { } seconds && (now - since).TotalSeconds > seconds);

    // Who comes back from there has just signed in.
    private static string Again(OpenIddictRequest request) =>
        Path
        + QueryString.Create(
            request
                .GetParameters()
                .Where(parameter => parameter.Key is not (Parameters.Prompt or Parameters.MaxAge))
                .Select(parameter => KeyValuePair.Create(parameter.Key, (string?)parameter.Value))
        );
}
