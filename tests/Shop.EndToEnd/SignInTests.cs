using System.Buffers.Text;
using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using System.Web;
using Shop.EndToEnd.Walk;

namespace Shop.EndToEnd;

/// <summary>Signing in as the storefront's people do: in a browser, on the shop's own page.</summary>
public sealed class SignInTests : IDisposable
{
    private const string Client = "shop-storefront";
    private const string Callback = "http://localhost:3000/callback";
    private const string Home = "http://localhost:3000/";

    private readonly HttpClient _http;
    private readonly Browser _browser;
    private readonly string _verifier = Base64Url.EncodeToString(RandomNumberGenerator.GetBytes(32));
    private readonly string _email = $"{Guid.NewGuid():N}@people.test";

    public SignInTests(RunningShop shop)
    {
        var address = shop.Client.Http.BaseAddress!;
        _http = new HttpClient(new Patience(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false }))
        {
            BaseAddress = address,
        };
        _browser = new Browser(_http, address);
    }

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task Who_signs_in_on_the_page_is_served_until_they_sign_out()
    {
        await RegisterAsync();
        using var sent = await _browser.GetAsync(Authorize());
        Assert.StartsWith("/account/login?returnUrl=", To(sent), StringComparison.Ordinal);
        using var page = await _browser.GetAsync(To(sent));
        // The page's own, and not the one that the gateway has for everything else.
        Assert.Contains(
            "style-src 'sha256-",
            Assert.Single(page.Headers.GetValues("Content-Security-Policy")),
            StringComparison.Ordinal
        );
        using var signedIn = await _browser.SubmitAsync(page, ("email", _email), ("password", Account.Password));
        using var back = await _browser.GetAsync(To(signedIn));
        Assert.Equal("xyz", Answer(back, "state"));

        var tokens = await TokensAsync(await RedeemAsync(Answer(back, "code"), _verifier));
        Assert.Equal(_email, await WhoAsync(tokens));
        var renewed = await TokensAsync(await RefreshAsync(tokens));
        Assert.Equal(_email, await WhoAsync(renewed));

        using var signedOut = await _browser.GetAsync(
            $"/connect/logout?id_token_hint={Text(tokens, "id_token")}&post_logout_redirect_uri={Uri.EscapeDataString(Home)}"
        );
        Assert.Equal(Home, To(signedOut));
        using var asked = await _browser.GetAsync(Authorize());
        Assert.StartsWith("/account/login?", To(asked), StringComparison.Ordinal);
    }

    [Fact]
    public async Task A_code_is_for_whoever_asked_for_it_and_good_once()
    {
        await RegisterAsync();
        using var sent = await _browser.GetAsync(Authorize());
        using var page = await _browser.GetAsync(To(sent));
        using var signedIn = await _browser.SubmitAsync(page, ("email", _email), ("password", Account.Password));
        using var back = await _browser.GetAsync(To(signedIn));
        var code = Answer(back, "code");

        await RefusedAsync(await RedeemAsync(code, _verifier + "x"));
        var tokens = await TokensAsync(await RedeemAsync(code, _verifier));
        await RefusedAsync(await RedeemAsync(code, _verifier));
        // Two have had the code, and nobody knows which of them is the thief.
        await RefusedAsync(await RefreshAsync(tokens));
    }

    [Fact]
    public async Task A_wrong_password_leads_nowhere()
    {
        await RegisterAsync();
        using var sent = await _browser.GetAsync(Authorize());
        using var page = await _browser.GetAsync(To(sent));

        using var refused = await _browser.SubmitAsync(page, ("email", _email), ("password", "not the password"));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        using var asked = await _browser.GetAsync(Authorize());
        Assert.StartsWith("/account/login?", To(asked), StringComparison.Ordinal);
    }

    private string Authorize() =>
        $"/connect/authorize?client_id={Client}&redirect_uri={Uri.EscapeDataString(Callback)}&response_type=code"
        + "&scope=openid%20shop%20offline_access&state=xyz&code_challenge_method=S256"
        + $"&code_challenge={Base64Url.EncodeToString(SHA256.HashData(Encoding.ASCII.GetBytes(_verifier)))}";

    private async Task RegisterAsync()
    {
        using var response = await _http.PostAsJsonAsync(
            "/api/users",
            new
            {
                email = _email,
                name = "Ada Lovelace",
                password = Account.Password,
            },
            Cancel
        );
        Assert.Equal(HttpStatusCode.Created, response.StatusCode);
    }

    private Task<HttpResponseMessage> RedeemAsync(string code, string verifier) =>
        PostAsync(
            ("grant_type", "authorization_code"),
            ("redirect_uri", Callback),
            ("code", code),
            ("code_verifier", verifier)
        );

    private Task<HttpResponseMessage> RefreshAsync(JsonElement tokens) =>
        PostAsync(("grant_type", "refresh_token"), ("refresh_token", Text(tokens, "refresh_token")));

    private async Task<HttpResponseMessage> PostAsync(params (string Name, string Value)[] fields)
    {
        using var form = new FormUrlEncodedContent([
            new("client_id", Client),
            .. fields.Select(field => KeyValuePair.Create(field.Name, field.Value)),
        ]);
        return await _http.PostAsync(new Uri("/connect/token", UriKind.Relative), form, Cancel);
    }

    /// <summary>Whom the API takes the bearer for.</summary>
    private async Task<string?> WhoAsync(JsonElement tokens)
    {
        using var request = new HttpRequestMessage(HttpMethod.Get, "/api/users/me");
        request.Headers.Authorization = new AuthenticationHeaderValue("Bearer", Text(tokens, "access_token"));
        using var response = await _http.SendAsync(request, Cancel);
        Assert.Equal(HttpStatusCode.OK, response.StatusCode);
        return (await response.Content.ReadFromJsonAsync<JsonElement>(Cancel)).GetProperty("email").GetString();
    }

    private static async Task<JsonElement> TokensAsync(HttpResponseMessage response)
    {
        using (response)
        {
            var body = await response.Content.ReadAsStringAsync(Cancel);
            Assert.True(response.StatusCode == HttpStatusCode.OK, $"{(int)response.StatusCode}: {body}");
            return JsonElement.Parse(body);
        }
    }

    private static async Task RefusedAsync(HttpResponseMessage response)
    {
        using (response)
        {
            Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
            var error = await response.Content.ReadFromJsonAsync<JsonElement>(Cancel);
            Assert.Equal("invalid_grant", Text(error, "error"));
        }
    }

    private static string To(HttpResponseMessage response)
    {
        Assert.True(response.Headers.Location is not null, $"{(int)response.StatusCode} is no redirect.");
        return response.Headers.Location.OriginalString;
    }

    /// <summary>What the storefront is told at its own address.</summary>
    private static string Answer(HttpResponseMessage response, string name)
    {
        Assert.StartsWith(Callback + "?", To(response), StringComparison.Ordinal);
        return HttpUtility.ParseQueryString(new Uri(To(response)).Query)[name]!;
    }

    private static string Text(JsonElement json, string name) => json.GetProperty(name).GetString()!;
}
