using System.Net;
using System.Text.Json;
using Microsoft.IdentityModel.JsonWebTokens;
using Microsoft.IdentityModel.Tokens;

namespace Shop.Users.Tests;

/// <summary>The protocol, as clients speak it.</summary>
internal static class Tokens
{
    public const string Cli = "shop-cli";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static async Task<HttpResponseMessage> PostTokenAsync(
        this UsersApp app,
        params (string Name, string Value)[] form
    )
    {
        using var content = new FormUrlEncodedContent(
            form.Select(field => KeyValuePair.Create(field.Name, field.Value))
        );
        return await app.Client.PostAsync(new Uri("/connect/token", UriKind.Relative), content, Cancel);
    }

    public static Task<HttpResponseMessage> PostPasswordAsync(
        this UsersApp app,
        string email,
        string password,
        string scope = "shop"
    ) =>
        app.PostTokenAsync(
            ("grant_type", "password"),
            ("client_id", Cli),
            ("username", email),
            ("password", password),
            ("scope", scope)
        );

    public static Task<HttpResponseMessage> PostRefreshAsync(this UsersApp app, string token, string client = Cli) =>
        app.PostTokenAsync(("grant_type", "refresh_token"), ("client_id", client), ("refresh_token", token));

    /// <summary>Signs in with the right password.</summary>
    public static async Task<JsonElement> SignInAsync(this UsersApp app, string email, string scope = "shop")
    {
        using var response = await app.PostPasswordAsync(email, UsersApp.Password, scope);
        return await response.TokensAsync();
    }

    /// <summary>Asserts that tokens were granted, and returns the answer.</summary>
    public static async Task<JsonElement> TokensAsync(this HttpResponseMessage response)
    {
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {body}");
        Assert.True(response.Headers.CacheControl!.NoStore);
        return JsonElement.Parse(body);
    }

    /// <summary>Asserts that it was refused with this error, and returns the answer as text.</summary>
    public static async Task<string> RefusedAsync(
        this HttpResponseMessage response,
        string error,
        HttpStatusCode status = HttpStatusCode.BadRequest
    )
    {
        var body = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(response.StatusCode == status, $"{(int)response.StatusCode}: {body}");
        Assert.Equal(error, JsonElement.Parse(body).GetProperty("error").GetString());
        return body;
    }

    public static string Access(this JsonElement tokens) => tokens.GetProperty("access_token").GetString()!;

    public static string Refresh(this JsonElement tokens) => tokens.GetProperty("refresh_token").GetString()!;

    public static async Task<JsonElement> DiscoverAsync(this UsersApp app) =>
        JsonElement.Parse(await app.Client.GetStringAsync("/.well-known/openid-configuration", Cancel));

    public static async Task<JsonWebKeySet> PublishedKeysAsync(this UsersApp app) =>
        new(await app.Client.GetStringAsync("/.well-known/jwks", Cancel));

    /// <summary>Asserts that a service would accept it, knowing only what is published, and returns it.</summary>
    public static async Task<JsonWebToken> VerifyAsync(this UsersApp app, string accessToken)
    {
        var keys = await app.PublishedKeysAsync();
        var now = app.Time.GetUtcNow().UtcDateTime;
        var result = await new JsonWebTokenHandler().ValidateTokenAsync(
            accessToken,
            new TokenValidationParameters
            {
                ValidIssuer = UsersApp.Issuer,
                ValidAudience = "shop",
                ValidTypes = ["at+jwt"],
                ValidAlgorithms = [SecurityAlgorithms.RsaSha256],
                IssuerSigningKeys = keys.GetSigningKeys(),
                LifetimeValidator = (_, until, token, _) => ((JsonWebToken)token).IssuedAt <= now && now < until,
            }
        );
        Assert.True(result.IsValid, result.Exception?.Message);
        return (JsonWebToken)result.SecurityToken;
    }

    public static string[] All(this JsonWebToken token, string claim) =>
        [.. token.Claims.Where(c => c.Type == claim).Select(c => c.Value)];
}
