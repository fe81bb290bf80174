using System.Net;
using System.Text;
using System.Text.Json;

namespace Shop.EndToEnd.Walk;

/// <summary>A password is any text: what was typed opens the account, and nothing else does.</summary>
public sealed class HostilePasswordTests(RunningShop shop) : IDisposable
{
    private const string Harmless = "correct horse battery";

    private readonly HttpClient _http = new(
        new Patience(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = false })
    )
    {
        BaseAddress = shop.Client.Http.BaseAddress,
    };

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public void Dispose() => _http.Dispose();

    [Fact]
    public async Task An_account_opens_with_it_alone()
    {
        foreach (var text in HostileTexts.All)
        {
            var (email, taken) = await RegisterAsync(text, "password");
            if (taken)
                await OpensWithAloneAsync(email, text);

            (email, _) = await RegisterAsync(Harmless, "password");
            var token = (await SignInAsync(email, Harmless)).Token;
            Assert.False(
                await SendAsync(
                    HttpMethod.Put,
                    "/api/users/me/password",
                    new { currentPassword = text, newPassword = "another horse battery" },
                    "currentPassword",
                    token
                ),
                $"'{text}' was taken for the password."
            );
            taken = await SendAsync(
                HttpMethod.Put,
                "/api/users/me/password",
                new { currentPassword = Harmless, newPassword = text },
                "newPassword",
                token
            );
            await OpensWithAloneAsync(email, taken ? text : Harmless);
        }
    }

    [Theory]
    [InlineData("/account/register", "name", true)]
    [InlineData("/account/register", "email", true)]
    [InlineData("/account/register", "password", false)]
    [InlineData("/account/login", "email", true)]
    [InlineData("/account/login", "password", false)]
    public async Task In_a_form_it_is_taken_or_shown_again_as_it_is(string path, string field, bool shown)
    {
        // HTML has no character for the others.
        foreach (var text in HostileTexts.All.Where(text => text != HostileTexts.Half && !text.Contains('\0')))
        {
            var browser = new Browser(_http, _http.BaseAddress!);
            var fields = new Dictionary<string, string>
            {
                ["name"] = "Ada",
                ["email"] = $"{Guid.NewGuid():N}@people.test",
                ["password"] = Harmless,
                [field] = text,
            };

            using var page = await browser.GetAsync(path);
            using var answer = await browser.SubmitAsync(
                page,
                [
                    .. fields
                        .Select(one => (one.Key, one.Value))
                        .Where(one => path.EndsWith("register", StringComparison.Ordinal) || one.Key != "name"),
                ]
            );

            var html = await answer.Content.ReadAsStringAsync(Cancel);
            Assert.True(
                answer.StatusCode is HttpStatusCode.BadRequest
                    || (answer.StatusCode is HttpStatusCode.Redirect or HttpStatusCode.SeeOther && field != "email"),
                $"{path} with '{text}' for {field} answered {(int)answer.StatusCode}: {html}"
            );
            if (answer.StatusCode == HttpStatusCode.BadRequest && shown)
                Assert.Contains($"\"{text}\"", WebUtility.HtmlDecode(html), StringComparison.Ordinal);
            Assert.DoesNotContain(HostileTexts.Script, html, StringComparison.Ordinal);
            Assert.DoesNotContain(HostileTexts.Result, html, StringComparison.Ordinal);
            if (!shown)
                Assert.DoesNotContain(text, WebUtility.HtmlDecode(html), StringComparison.Ordinal);
        }
    }

    private async Task OpensWithAloneAsync(string email, string password)
    {
        Assert.Equal(HttpStatusCode.OK, (await SignInAsync(email, password)).Status);
        foreach (var other in new[] { password + "x", password[1..], "' OR '1'='1" })
            if (other != password)
                Assert.Equal(HttpStatusCode.BadRequest, (await SignInAsync(email, other)).Status);
    }

    private async Task<(string Email, bool Taken)> RegisterAsync(string password, string field)
    {
        var email = $"{Guid.NewGuid():N}@people.test";
        var person = new
        {
            email,
            name = "Ada",
            password,
        };
        return (email, await SendAsync(HttpMethod.Post, "/api/users", person, field, token: null));
    }

    /// <summary>Whether it is taken; otherwise the field must be named.</summary>
    private async Task<bool> SendAsync(HttpMethod method, string path, object body, string field, string? token)
    {
        using var request = new HttpRequestMessage(method, path);
        if (token is not null)
            request.Headers.Authorization = new("Bearer", token);
        var json = HostileTexts.InJson(JsonSerializer.SerializeToNode(body)!.ToJsonString());
        request.Content = new StringContent(json, Encoding.UTF8, "application/json");
        using var response = await _http.SendAsync(request, Cancel);
        var answer = await response.Content.ReadAsStringAsync(Cancel);
        Assert.True(
            response.IsSuccessStatusCode
                || (
                    response.StatusCode == HttpStatusCode.BadRequest
                    && HostileTexts.AreRefusedBy(JsonElement.Parse(answer), field)
                ),
            $"{method} {path} answered {(int)response.StatusCode} to {json}: {answer}"
        );
        return response.IsSuccessStatusCode;
    }

    private async Task<(HttpStatusCode Status, string? Token)> SignInAsync(string email, string password)
    {
        using var form = new FormUrlEncodedContent([
            new("grant_type", "password"),
            new("client_id", "shop-cli"),
            new("scope", "shop"),
            new("username", email),
            new("password", password),
        ]);
        using var response = await _http.PostAsync(new Uri("/connect/token", UriKind.Relative), form, Cancel);
        var answer = JsonElement.Parse(await response.Content.ReadAsStringAsync(Cancel));
        return (response.StatusCode, answer.TryGetProperty("access_token", out var token) ? token.GetString() : null);
    }
}
