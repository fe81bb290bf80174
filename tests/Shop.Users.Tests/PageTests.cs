using System.Net;
using System.Security.Cryptography;
using System.Text;
using Shop.Testing;

namespace Shop.Users.Tests;

public sealed class PageTests(InfrastructureFixture infrastructure) : IAsyncLifetime
{
    private const string Ada = "ada@example.com";
    private const string Login = "/account/login";

    private UsersApp _app = null!;
    private Browser _browser = null!;

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public async ValueTask InitializeAsync()
    {
        _app = await UsersApp.StartAsync(infrastructure, "Production");
        _browser = _app.OpenBrowser();
        await _app.RegisterAsync(Ada);
    }

    public ValueTask DisposeAsync() => _app.DisposeAsync();

    [Theory]
    [InlineData(Login)]
    [InlineData("/account/register")]
    [InlineData("/account/logout")]
    [InlineData("/connect/authorize?client_id=nobody")]
    public async Task A_page_runs_no_script_and_stays_in_no_cache_and_no_frame(string path)
    {
        using var page = await _browser.GetAsync(path);

        var html = await page.Content.ReadAsStringAsync(Cancel);
        Assert.Equal("text/html", page.Content.Headers.ContentType!.MediaType);
        Assert.DoesNotContain("<script", html, StringComparison.OrdinalIgnoreCase);
        Assert.True(page.Headers.CacheControl!.NoStore);
        var policy = Assert.Single(page.Headers.GetValues("Content-Security-Policy"));
        var style = Convert.ToBase64String(
            SHA256.HashData(Encoding.UTF8.GetBytes(html.Split("<style>")[1].Split("</style>")[0]))
        );
        Assert.Equal(
            $"default-src 'none'; style-src 'sha256-{style}'; form-action 'self' https://storefront.example; base-uri 'none'; frame-ancestors 'none'",
            policy
        );
    }

    [Fact]
    public async Task An_unknown_address_a_wrong_password_and_a_locked_account_get_the_same_page()
    {
        var wrong = await RefusedAsync(Ada, "another password");
        var unknown = await RefusedAsync("eve@example.com", UsersApp.Password);
        for (var i = 0; i < 4; i++)
        {
            await RefusedAsync(Ada, "another password");
        }

        var locked = await RefusedAsync(Ada, UsersApp.Password);
        Assert.Contains("role=\"alert\"", wrong, StringComparison.Ordinal);
        Assert.Equal(wrong, locked);
        Assert.Equal(wrong, unknown.Replace("eve@", "ada@", StringComparison.Ordinal));
        Assert.Empty(Sessions(_browser));

        _app.Time.Advance(TimeSpan.FromMinutes(5));
        using var page = await _browser.GetAsync(Login);
        using var signedIn = await _browser.SignInAsync(page, Ada);
        Assert.Equal(Login, signedIn.To());
    }

    [Theory]
    [InlineData("https://evil.example/")]
    [InlineData("//evil.example/connect/authorize?")]
    [InlineData("/\\evil.example/")]
    [InlineData("\t//evil.example/")]
    [InlineData("/connect/authorize.evil.example")]
    [InlineData("@evil.example/connect/authorize?")]
    [InlineData("/connect/authorize?\r\nLocation: https://evil.example")]
    // What no header may hold: the server would answer with a fault.
    [InlineData("/connect/authorize?evil=\u00e9")]
    [InlineData("/connect/authorize?evil=\ud83d\ude00")]
    [InlineData("/connect/authorize?evil=\u007f")]
    [InlineData("/connect/authorize?evil= ")]
    public async Task Signing_in_leads_to_no_address_that_somebody_else_chose(string address)
    {
        var path = Login + "?returnUrl=" + Uri.EscapeDataString(address);
        using var page = await _browser.GetAsync(path);
        Assert.DoesNotContain("evil", await page.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
        using var register = await _browser.GetAsync("/account/register?returnUrl=" + Uri.EscapeDataString(address));
        Assert.DoesNotContain("evil", await register.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);

        var token = (await page.Content.ReadAsStringAsync(Cancel)).Split("value=\"")[1].Split('"')[0];
        using var signedIn = await _browser.PostAsync(
            path,
            ("__RequestVerificationToken", token),
            ("email", Ada),
            ("password", UsersApp.Password)
        );

        Assert.Equal(Login, signedIn.To());
        Assert.Single(Sessions(_browser));
    }

    [Fact]
    public async Task A_form_that_is_not_of_the_page_signs_nobody_in_or_out()
    {
        using var forged = await _browser.PostAsync(Login, ("email", Ada), ("password", UsersApp.Password));
        Assert.Equal(HttpStatusCode.BadRequest, forged.StatusCode);
        using var made = await _browser.PostAsync(
            "/account/register",
            ("email", "eve@example.com"),
            ("name", "Eve"),
            ("password", UsersApp.Password)
        );
        Assert.Equal(HttpStatusCode.BadRequest, made.StatusCode);
        Assert.Empty(Sessions(_browser));

        await _browser.CodeAsync(Ada);
        using var asked = await _browser.PostAsync("/account/logout");
        using var askedToo = await _browser.GetAsync("/connect/logout");
        using var askedAgain = await _browser.PostAsync("/connect/logout");

        Assert.All([asked, askedToo, askedAgain], answer => Assert.DoesNotContain(SetCookies(answer), IsSession));
        Assert.Single(Sessions(_browser));
        using var still = await _browser.GetAsync(Storefront.Authorize());
        Assert.Contains("code", still.Answer().Keys);
    }

    [Fact]
    public async Task The_session_is_in_a_cookie_that_only_this_site_and_no_script_can_see()
    {
        await _browser.CodeAsync(Ada);

        var cookie = Assert.Single(Sessions(_browser));
        Assert.Equal("__Host-shop.session", cookie.Name);
        Assert.True(cookie is { HttpOnly: true, Secure: true, Path: "/" });
        using var page = await _browser.GetAsync(Login);
        using var again = await _browser.SignInAsync(
            await _browser.GetAsync(Login + "?returnUrl=" + Uri.EscapeDataString(Storefront.Authorize())),
            Ada
        );
        var header = again
            .Headers.GetValues("Set-Cookie")
            .Single(set => set.Contains("session", StringComparison.Ordinal));
        Assert.Contains("samesite=lax", header, StringComparison.OrdinalIgnoreCase);
        Assert.DoesNotContain("domain=", header, StringComparison.OrdinalIgnoreCase);
    }

    [Fact]
    public async Task A_session_ends_after_eight_hours_and_holds_at_every_replica()
    {
        await using var replica = await UsersApp.StartAsync(
            infrastructure,
            "Production",
            database: _app.Database,
            time: _app.Time
        );
        await _browser.CodeAsync(Ada);
        var there = replica.OpenBrowser();
        there.TakeCookies(_browser);

        using var known = await there.GetAsync(Storefront.Authorize());
        Assert.Contains("code", known.Answer().Keys);
        _app.Time.Advance(TimeSpan.FromHours(8) + TimeSpan.FromSeconds(1));
        using var late = await there.GetAsync(Storefront.Authorize());
        Assert.StartsWith(Login, late.To(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Whoever_makes_an_account_is_signed_in_and_goes_on()
    {
        using var sent = await _browser.GetAsync(Storefront.Authorize());
        using var login = await _browser.GetAsync(sent.To());
        var link = WebUtility.HtmlDecode(
            (await login.Content.ReadAsStringAsync(Cancel)).Split("<a href=\"")[^1].Split('"')[0]
        );
        using var page = await _browser.GetAsync(link);
        using var refused = await _browser.SubmitAsync(
            page,
            ("email", Ada),
            ("name", "<b>Eve</b>"),
            ("password", UsersApp.Password)
        );
        using var invalid = await _browser.SubmitAsync(refused, ("email", "eve"), ("name", ""), ("password", "short"));
        using var made = await _browser.SubmitAsync(
            invalid,
            ("email", "eve@example.com"),
            ("name", "Eve"),
            ("password", UsersApp.Password)
        );
        using var back = await _browser.GetAsync(made.To());

        var taken = await refused.Content.ReadAsStringAsync(Cancel);
        Assert.Contains("There is an account with this e-mail address already.", taken, StringComparison.Ordinal);
        Assert.DoesNotContain("<b>", taken, StringComparison.Ordinal);
        Assert.DoesNotContain(UsersApp.Password, taken, StringComparison.Ordinal);
        var problems = await invalid.Content.ReadAsStringAsync(Cancel);
        Assert.Equal(3, problems.Split("aria-invalid=\"true\">").Length - 1);
        Assert.Contains("code", back.Answer().Keys);
    }

    [Fact]
    public async Task Signing_out_leads_back_to_the_storefront_and_the_session_is_gone()
    {
        using var response = await _app.PostCodeAsync(await _browser.CodeAsync(Ada));
        var hint = (await response.TokensAsync()).GetProperty("id_token").GetString();

        using var signedOut = await _browser.GetAsync(
            "/connect/logout?state=bye&post_logout_redirect_uri=https%3A%2F%2Fstorefront.example%2F&id_token_hint="
                + hint
        );

        Assert.Equal("https://storefront.example/?state=bye", signedOut.To());
        using var asked = await _browser.GetAsync(Storefront.Authorize());
        Assert.StartsWith(Login, asked.To(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Without_an_ID_token_somebody_is_asked_whether_to_sign_out()
    {
        await _browser.CodeAsync(Ada);

        using var page = await _browser.GetAsync(
            "/connect/logout?state=bye&client_id=shop-storefront&post_logout_redirect_uri=https%3A%2F%2Fstorefront.example%2F"
        );
        Assert.Contains("code", (await _browser.GetAsync(Storefront.Authorize())).Answer().Keys);
        using var signedOut = await _browser.SubmitAsync(page);

        Assert.Equal("https://storefront.example/?state=bye", signedOut.To());
        using var asked = await _browser.GetAsync(Storefront.Authorize());
        Assert.StartsWith(Login, asked.To(), StringComparison.Ordinal);
    }

    [Fact]
    public async Task Signing_out_leads_to_no_address_that_is_not_the_storefronts()
    {
        await _browser.CodeAsync(Ada);

        using var refused = await _browser.GetAsync(
            "/connect/logout?client_id=shop-storefront&post_logout_redirect_uri=https%3A%2F%2Fevil.example%2F"
        );

        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        Assert.Null(refused.Headers.Location);
        using var page = await _browser.GetAsync("/account/logout");
        using var signedOut = await _browser.SubmitAsync(page);
        Assert.Equal("/account/logout", signedOut.To());
        Assert.Contains(SetCookies(signedOut), IsSession);
        using var gone = await _browser.GetAsync("/account/logout");
        Assert.Contains("You are signed out", await gone.Content.ReadAsStringAsync(Cancel), StringComparison.Ordinal);
    }

    private async Task<string> RefusedAsync(string email, string password)
    {
        using var page = await _browser.GetAsync(Login);
        using var refused = await _browser.SignInAsync(page, email, password);
        Assert.Equal(HttpStatusCode.BadRequest, refused.StatusCode);
        var html = await refused.Content.ReadAsStringAsync(Cancel);
        Assert.DoesNotContain(password, html, StringComparison.Ordinal);
        // All but the token of the form.
        var begin = html.IndexOf("<input type=\"hidden\"", StringComparison.Ordinal);
        return html.Remove(begin, html.IndexOf('>', begin) - begin);
    }

    private static IEnumerable<string> SetCookies(HttpResponseMessage answer) =>
        answer.Headers.TryGetValues("Set-Cookie", out var set) ? set.Select(cookie => cookie.Split('=')[0]) : [];

    private static bool IsSession(string cookie) => cookie.EndsWith("shop.session", StringComparison.Ordinal);

    private static List<Cookie> Sessions(Browser browser) =>
        [.. browser.Cookies.Where(cookie => IsSession(cookie.Name))];
}
