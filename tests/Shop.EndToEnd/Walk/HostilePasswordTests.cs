using System.Net;
using System.Text.Json.Nodes;

namespace Shop.EndToEnd.Walk;

/// <summary>A password is any text: what was typed opens the account, and nothing else does.</summary>
[Collection<SharedWalkers>]
public sealed class HostilePasswordTests(Walkers walkers)
{
    private const string Harmless = "correct horse battery";

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    [Fact]
    public async Task An_account_opens_with_it_alone()
    {
        foreach (var text in HostileTexts.All)
        {
            var (email, taken) = await RegisterAsync(text);
            if (taken)
                await OpensWithAloneAsync(email, text);

            (email, _) = await RegisterAsync(Harmless);
            var token = await walkers.SignInAsync("stranger", ("username", email), ("password", Harmless));
            Assert.False(
                await ChangeAsync(token, text, "another horse battery", "currentPassword"),
                $"'{text}' was taken for the password."
            );
            taken = await ChangeAsync(token, Harmless, text, "newPassword");
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
            var browser = new Browser(walkers.Http, walkers.Http.BaseAddress!);
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
        Assert.Equal(HttpStatusCode.OK, await SignInAsync(email, password));
        foreach (var other in new[] { password + "x", password[1..], "' OR '1'='1" })
            if (other != password)
                Assert.Equal(HttpStatusCode.BadRequest, await SignInAsync(email, other));
    }

    private async Task<(string Email, bool Taken)> RegisterAsync(string password)
    {
        var email = $"{Guid.NewGuid():N}@people.test";
        var person = new JsonObject
        {
            ["email"] = email,
            ["name"] = "Ada",
            ["password"] = password,
        };
        var request = walkers.RequestOf(null, HttpMethod.Post, "/api/users");
        return (email, (await walkers.TryAsync(request, person, "password")).Taken);
    }

    private async Task<bool> ChangeAsync(string token, string current, string next, string field)
    {
        var request = walkers.RequestOf(null, HttpMethod.Put, "/api/users/me/password");
        request.Headers.Authorization = new("Bearer", token);
        var body = new JsonObject { ["currentPassword"] = current, ["newPassword"] = next };
        return (await walkers.TryAsync(request, body, field)).Taken;
    }

    private async Task<HttpStatusCode> SignInAsync(string email, string password)
    {
        using var form = walkers.SignInForm("stranger", ("username", email), ("password", password));
        using var response = await walkers.Http.PostAsync(new Uri("/connect/token", UriKind.Relative), form, Cancel);
        return response.StatusCode;
    }
}
