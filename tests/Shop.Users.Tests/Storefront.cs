using System.Net;
using System.Security.Cryptography;
using System.Text;
using Microsoft.AspNetCore.WebUtilities;

namespace Shop.Users.Tests;

/// <summary>The storefront's part of the authorization code flow.</summary>
internal static class Storefront
{
    public const string Client = "shop-storefront";
    public const string Verifier = "a-verifier-that-is-long-enough-to-be-one-of-them";
    public const string Lasting = "openid shop offline_access";

    public static string Challenge { get; } =
        WebEncoders.Base64UrlEncode(SHA256.HashData(Encoding.ASCII.GetBytes(Verifier)));

    /// <summary>The request for a code, with parameters changed, added, or (null) left out.</summary>
    public static string Authorize(params (string Name, string? Value)[] changes)
    {
        var parameters = new Dictionary<string, string?>
        {
            ["client_id"] = Client,
            ["redirect_uri"] = UsersApp.Callback,
            ["response_type"] = "code",
            ["scope"] = Lasting,
            ["state"] = "af0ifjsldkj",
            ["nonce"] = "n-0S6_WzA2Mj",
            ["code_challenge"] = Challenge,
            ["code_challenge_method"] = "S256",
        };
        foreach (var (name, value) in changes)
        {
            parameters[name] = value;
        }

        return QueryHelpers.AddQueryString("/connect/authorize", parameters.Where(p => p.Value is not null));
    }

    /// <summary>Signs in on the page, and returns the code that the storefront is sent.</summary>
    public static async Task<string> CodeAsync(this Browser browser, string email, string? request = null)
    {
        using var sent = await browser.GetAsync(request ?? Authorize());
        using var page = await browser.GetAsync(sent.To());
        using var signedIn = await browser.SignInAsync(page, email);
        using var back = await browser.GetAsync(signedIn.To());
        return back.Answer()["code"];
    }

    public static Task<HttpResponseMessage> SignInAsync(
        this Browser browser,
        HttpResponseMessage page,
        string email,
        string password = UsersApp.Password
    ) => browser.SubmitAsync(page, ("email", email), ("password", password));

    public static Task<HttpResponseMessage> PostCodeAsync(
        this UsersApp app,
        string code,
        string verifier = Verifier,
        string client = Client
    ) =>
        app.PostTokenAsync(
            ("grant_type", "authorization_code"),
            ("client_id", client),
            ("redirect_uri", UsersApp.Callback),
            ("code", code),
            ("code_verifier", verifier)
        );

    /// <summary>Where an answer leads.</summary>
    public static string To(this HttpResponseMessage response)
    {
        Assert.True(
            response.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther,
            $"{(int)response.StatusCode} is no redirect."
        );
        return response.Headers.Location!.OriginalString;
    }

    /// <summary>What the storefront is told at its own address.</summary>
    public static Dictionary<string, string> Answer(this HttpResponseMessage response)
    {
        Assert.StartsWith(UsersApp.Callback + "?", response.To(), StringComparison.Ordinal);
        return QueryHelpers
            .ParseQuery(new Uri(response.To()).Query)
            .ToDictionary(parameter => parameter.Key, parameter => parameter.Value.ToString());
    }
}
