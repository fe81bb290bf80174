using System.Net;
using System.Text.Json;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.IdentityModel.JsonWebTokens;
using OpenIddict.Abstractions;
using Shop.Testing;

namespace Shop.Users.Tests;

public sealed class AuthorizationCodeTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string Ada = "ada@example.com";

    private UsersApp _app = null!;
    private Browser _browser = null!;
    private Guid _ada;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await UsersApp.StartAsync(infrastructure, "Production");
        _browser = _app.OpenBrowser();
        _ada = await _app.RegisterAsync(Ada);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Fact]
    public async Task Somebody_who_signs_in_on_the_page_is_known_to_the_storefront_by_a_token()
    {
        using var sent = await _browser.GetAsync(Storefront.Authorize());
        Assert.StartsWith("/account/login?returnUrl=", sent.To(), StringComparison.Ordinal);
        using var page = await _browser.GetAsync(sent.To());
        using var signedIn = await _browser.SignInAsync(page, " ADA@example.com");
        using var back = await _browser.GetAsync(signedIn.To());

        var answer = back.Answer();
        Assert.Equal("af0ifjsldkj", answer["state"]);
        Assert.Equal(UsersApp.Issuer, answer["iss"]);
        using var response = await _app.PostCodeAsync(answer["code"]);
        var tokens = await response.TokensAsync();
        var token = await _app.VerifyAsync(tokens.Access());
        Assert.Equal(_ada.ToString(), token.Subject);
        Assert.Equal(["customer"], token.All("role"));
        Assert.Equal(["shop"], token.Audiences);
        var identity = new JsonWebToken(tokens.GetProperty("id_token").GetString());
        Assert.Equal(_ada.ToString(), identity.Subject);
        Assert.Equal([Storefront.Client], identity.Audiences);
        Assert.Equal(["n-0S6_WzA2Mj"], identity.All("nonce"));
        Assert.Equal([$"{_app.Time.GetUtcNow().ToUnixTimeSeconds()}"], identity.All("auth_time"));
    }

    [Fact]
    public async Task Who_is_signed_in_is_not_asked_again_unless_the_storefront_insists()
    {
        await _browser.CodeAsync(Ada);
        _app.Time.Advance(TimeSpan.FromMinutes(10));

        using var again = await _browser.GetAsync(Storefront.Authorize());
        using var silent = await _browser.GetAsync(Storefront.Authorize(("prompt", "none")));
        using var insisted = await _browser.GetAsync(Storefront.Authorize(("prompt", "login")));
        using var old = await _browser.GetAsync(Storefront.Authorize(("max_age", "599")));
        using var young = await _browser.GetAsync(Storefront.Authorize(("max_age", "600")));
        using var any = await _browser.GetAsync(Storefront.Authorize(("max_age", $"{long.MaxValue}")));

        Assert.Contains("code", again.Answer().Keys);
        Assert.Contains("code", silent.Answer().Keys);
        Assert.Contains("code", young.Answer().Keys);
        Assert.Contains("code", any.Answer().Keys);
        Assert.StartsWith("/account/login?", insisted.To(), StringComparison.Ordinal);
        Assert.StartsWith("/account/login?", old.To(), StringComparison.Ordinal);
        // And then they come through.
        Assert.NotEqual("", await _browser.CodeAsync(Ada, Storefront.Authorize(("prompt", "login"))));
    }

    [Fact]
    public async Task Nobody_is_shown_a_page_where_none_is_wanted()
    {
        using var silent = await _browser.GetAsync(Storefront.Authorize(("prompt", "none")));

        Assert.Equal("login_required", silent.Answer()["error"]);
    }

    [Theory]
    [InlineData("code_challenge", null, "invalid_request")]
    [InlineData("code_challenge_method", "plain", "invalid_request")]
    [InlineData("code_challenge_method", null, "invalid_request")]
    [InlineData("scope", "openid shop everything", "invalid_scope")]
    [InlineData("response_type", "token", "unsupported_response_type")]
    [InlineData("response_type", "code id_token", "unsupported_response_type")]
    [InlineData("response_mode", "form_post", "invalid_request")]
    public async Task A_request_that_asks_for_what_it_may_not_have_is_told_so(string name, string? value, string error)
    {
        using var refused = await _browser.GetAsync(Storefront.Authorize((name, value)));

        // Told to whoever looks at the page: it is found out before it is known whose address that is.
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Null(refused.Headers.Location);
        Assert.Contains(error, await refused.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("redirect_uri", "https://evil.example/callback")]
    [InlineData("redirect_uri", "https://storefront.example/callback/../elsewhere")]
    [InlineData("redirect_uri", "https://storefront.example/callback?more")]
    [InlineData("redirect_uri", "http://storefront.example/callback")]
    [InlineData("redirect_uri", null)]
    [InlineData("client_id", "nobody")]
    [InlineData("client_id", UsersApp.Reports)]
    public async Task Nothing_is_sent_to_an_address_that_is_not_the_clients(string name, string? value)
    {
        using var refused = await _browser.GetAsync(Storefront.Authorize((name, value)));

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Null(refused.Headers.Location);
        Assert.Equal("text/html", refused.Content.Headers.ContentType!.MediaType);
    }

    [Fact]
    public async Task A_code_is_worth_nothing_without_its_verifier()
    {
        var code = await _browser.CodeAsync(Ada);

        using var wrong = await _app.PostCodeAsync(code, Storefront.Verifier + "x");
        using var none = await _app.PostTokenAsync(
            ("grant_type", "authorization_code"),
            ("client_id", Storefront.Client),
            ("redirect_uri", UsersApp.Callback),
            ("code", code)
        );

        await wrong.RefusedAsync("invalid_grant");
        Assert.Equal(HttpStatusCode.BadRequest, none.StatusCode);
    }

    [Fact]
    public async Task A_code_that_is_used_twice_revokes_what_came_of_it()
    {
        var code = await _browser.CodeAsync(Ada);
        using var first = await _app.PostCodeAsync(code);
        var tokens = await first.TokensAsync();

        using var again = await _app.PostCodeAsync(code);
        using var refresh = await _app.PostRefreshAsync(tokens.Refresh(), Storefront.Client);

        await again.RefusedAsync("invalid_grant");
        await refresh.RefusedAsync("invalid_grant");
    }

    [Fact]
    public async Task A_code_that_is_used_many_times_at_once_is_good_for_one_answer_and_no_more_after_that()
    {
        var code = await _browser.CodeAsync(Ada);

        var answers = await Task.WhenAll(Enumerable.Range(0, 6).Select(_ => _app.PostCodeAsync(code)));

        var winner = Assert.Single(answers, answer => answer.StatusCode == HttpStatusCode.OK);
        using var refresh = await _app.PostRefreshAsync((await winner.TokensAsync()).Refresh(), Storefront.Client);
        await refresh.RefusedAsync("invalid_grant");
        Array.ForEach(answers, answer => answer.Dispose());
    }

    [Fact]
    public async Task A_code_is_for_its_client_alone_though_another_has_the_same_address_and_the_verifier()
    {
        await _app.WithAsync(
            async (_, services) =>
                await services
                    .GetRequiredService<IOpenIddictApplicationManager>()
                    .CreateAsync(
                        new OpenIddictApplicationDescriptor
                        {
                            ClientId = "another-storefront",
                            ClientType = OpenIddictConstants.ClientTypes.Public,
                            RedirectUris = { new Uri(UsersApp.Callback) },
                            Permissions =
                            {
                                OpenIddictConstants.Permissions.Endpoints.Token,
                                OpenIddictConstants.Permissions.GrantTypes.AuthorizationCode,
                            },
                        },
                        Cancel
                    )
        );
        var code = await _browser.CodeAsync(Ada);

        using var stolen = await _app.PostCodeAsync(code, client: "another-storefront");
        using var own = await _app.PostCodeAsync(code);

        await stolen.RefusedAsync("invalid_grant");
        await own.TokensAsync();
    }

    [Fact]
    public async Task A_code_is_good_for_five_minutes()
    {
        var code = await _browser.CodeAsync(Ada);
        _app.Time.Advance(TimeSpan.FromMinutes(5) + TimeSpan.FromSeconds(1));

        using var late = await _app.PostCodeAsync(code);

        await late.RefusedAsync("invalid_grant");
    }

    [Fact]
    public async Task The_storefronts_refresh_tokens_are_used_once()
    {
        using var response = await _app.PostCodeAsync(await _browser.CodeAsync(Ada));
        var first = await response.TokensAsync();
        using var renewed = await _app.PostRefreshAsync(first.Refresh(), Storefront.Client);
        var second = await renewed.TokensAsync();
        Assert.NotEqual(first.Refresh(), second.Refresh());

        using var again = await _app.PostRefreshAsync(first.Refresh(), Storefront.Client);
        using var after = await _app.PostRefreshAsync(second.Refresh(), Storefront.Client);

        await again.RefusedAsync("invalid_grant");
        await after.RefusedAsync("invalid_grant");
    }

    [Fact]
    public async Task A_refresh_token_that_is_given_back_is_worth_nothing()
    {
        using var response = await _app.PostCodeAsync(await _browser.CodeAsync(Ada));
        var tokens = await response.TokensAsync();

        using var content = new FormUrlEncodedContent([
            new("client_id", Storefront.Client),
            new("token", tokens.Refresh()),
        ]);
        using var revoked = await _app.Client.PostAsync("/connect/revocation", content, Cancel);
        using var refresh = await _app.PostRefreshAsync(tokens.Refresh(), Storefront.Client);

        Assert.Equal(HttpStatusCode.OK, revoked.StatusCode);
        await refresh.RefusedAsync("invalid_grant");
    }

    [Fact]
    public async Task The_API_describes_the_protocol_and_its_pages()
    {
        var discovered = await _app.DiscoverAsync();

        var document = JsonElement.Parse(await _app.Client.GetStringAsync("/openapi/v1.json", Cancel));

        var paths = document.GetProperty("paths");
        foreach (var endpoint in (string[])["authorization", "end_session"])
        {
            var path = paths.GetProperty(
                new Uri(discovered.GetProperty(endpoint + "_endpoint").GetString()!).AbsolutePath
            );
            Assert.Equal(["get", "post"], path.EnumerateObject().Select(operation => operation.Name).Order());
            Assert.Contains("302", Responses(path, "get"));
        }

        Assert.Contains("401", Responses(paths.GetProperty("/connect/revocation"), "post"));
        Assert.Equal(
            ["/account/login", "/account/logout", "/account/register"],
            paths
                .EnumerateObject()
                .Select(path => path.Name)
                .Where(path => path.StartsWith("/account", StringComparison.Ordinal))
                .Order()
        );
        Assert.Contains("303", Responses(paths.GetProperty("/account/login"), "post"));

        static IEnumerable<string> Responses(JsonElement path, string method) =>
            path.GetProperty(method).GetProperty("responses").EnumerateObject().Select(response => response.Name);
    }

    [Fact]
    public async Task Outside_development_the_API_describes_nothing_that_is_for_development_only()
    {
        await using var development = await UsersApp.StartAsync(infrastructure);

        var here = TokenOperation(await _app.Client.GetStringAsync("/openapi/v1.json", Cancel));
        var there = TokenOperation(await development.Client.GetStringAsync("/openapi/v1.json", Cancel));

        foreach (var word in (string[])["\"password\"", "\"username\"", "shop-cli", "Pa55-word!", "shop.test"])
        {
            Assert.DoesNotContain(word, here, StringComparison.Ordinal);
            Assert.Contains(word, there, StringComparison.Ordinal);
        }

        static string TokenOperation(string document)
        {
            var paths = JsonElement.Parse(document).GetProperty("paths");
            return paths.GetProperty("/connect/token").GetRawText()
                + paths.GetProperty("/connect/revocation").GetRawText();
        }
    }

    [Fact]
    public async Task What_is_published_says_what_is_offered()
    {
        var document = await _app.DiscoverAsync();

        Assert.Equal("https://shop.example/connect/authorize", Text("authorization_endpoint"));
        Assert.Equal("https://shop.example/connect/logout", Text("end_session_endpoint"));
        Assert.Equal("https://shop.example/connect/revocation", Text("revocation_endpoint"));
        Assert.Equal(["S256"], Texts("code_challenge_methods_supported"));
        Assert.Equal(["code"], Texts("response_types_supported"));
        Assert.Equal(["query"], Texts("response_modes_supported"));

        string Text(string name) => document.GetProperty(name).GetString()!;
        IEnumerable<string?> Texts(string name) =>
            document.GetProperty(name).EnumerateArray().Select(text => text.GetString());
    }
}
