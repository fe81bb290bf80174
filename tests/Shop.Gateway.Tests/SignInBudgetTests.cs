using System.Net;
using System.Text;

namespace Shop.Gateway.Tests;

/// <summary>What counts as an attempt to sign in, and on whose account.</summary>
public sealed class SignInBudgetTests
{
    [Theory]
    [InlineData("/connect/token", "username", "plain")]
    [InlineData("/connect/token", "username", "decoy")]
    [InlineData("/connect/token", "username", "multipart")]
    [InlineData("/connect/token", "username", "chunked")]
    [InlineData("/account/login", "email", "plain")]
    [InlineData("/account/login", "email", "decoy")]
    [InlineData("/account/login", "email", "multipart")]
    [InlineData("/account/login", "email", "chunked")]
    public async Task However_the_form_is_sent_the_account_that_is_tried_is_counted(
        string path,
        string field,
        string kind
    )
    {
        await using var users = await Backend.StartAsync(context =>
            context.Request.Body.CopyToAsync(context.Response.Body)
        );
        await using var gateway = await StartAsync(users, "Gateway:RateLimits:SignInsPerAccount:Burst=3");

        var passed = 0;
        for (var i = 0; i < 6; i++)
        {
            var (decoy, name) = ($"nobody-{i}@shop.test", "ada@shop.test");
            string[] fields = field is "email" ? ["username", "Input.Email"] : ["email", "Input.Email"];
            using HttpContent content = kind is "multipart"
                ? new MultipartFormDataContent { { new StringContent(name), field } }
                : new FormUrlEncodedContent([
                    .. kind is "decoy" ? fields.Select(other => KeyValuePair.Create(other, decoy)) : [],
                    new(field, name),
                ]);
            var request = new HttpRequestMessage(HttpMethod.Post, path) { Content = content };
            request.Headers.TransferEncodingChunked = kind is "chunked";
            request.Headers.Add("X-Forwarded-For", $"203.0.113.{i}");
            using var response = await gateway.SendAsync(request);
            if (response.StatusCode != HttpStatusCode.TooManyRequests)
            {
                passed++;
                // The service gets it whole all the same.
                Assert.Contains(
                    kind is "multipart" ? name : Uri.EscapeDataString(name),
                    await response.Content.ReadAsStringAsync(TestContext.Current.CancellationToken),
                    StringComparison.Ordinal
                );
            }
        }

        Assert.Equal(3, passed);
    }

    [Theory]
    [InlineData("/connect/token", "length")]
    [InlineData("/connect/token", "chunked")]
    [InlineData("/account/login", "chunked")]
    public async Task A_form_in_which_a_name_could_be_hidden_is_refused(string path, string kind)
    {
        await using var users = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(users);
        var request = new HttpRequestMessage(HttpMethod.Post, path)
        {
            Content = new StringContent(
                $"padding={new string('x', 20_000)}&username=ada&email=ada",
                Encoding.UTF8,
                "application/x-www-form-urlencoded"
            ),
        };
        request.Headers.TransferEncodingChunked = kind is "chunked";

        using var response = await gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.RequestEntityTooLarge, response.StatusCode);
        Assert.Empty(users.Requests);
    }

    [Theory]
    [InlineData("multipart/form-data; boundary=x", "email=ada")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nContent-Disposition: form-data; name=email\r\n\r\nada")]
    [InlineData("multipart/form-data", "--x")]
    [InlineData("multipart/form-data; boundary=x", "--x\r\nno header\r\n\r\nada\r\n--x--")]
    public async Task A_form_that_nobody_can_read_is_the_callers_fault(string type, string body)
    {
        await using var users = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(users);
        var request = new HttpRequestMessage(HttpMethod.Post, "/account/login")
        {
            Content = new ByteArrayContent(Encoding.UTF8.GetBytes(body)),
        };
        request.Content.Headers.TryAddWithoutValidation("Content-Type", type);

        using var response = await gateway.SendAsync(request);

        Assert.Equal(HttpStatusCode.BadRequest, response.StatusCode);
        Assert.Empty(users.Requests);
    }

    [Theory]
    [InlineData("POST", "/api/users")]
    [InlineData("POST", "/api/users/")]
    [InlineData("POST", "/account/register")]
    [InlineData("PUT", "/api/users/me/password")]
    public async Task What_makes_a_password_be_hashed_is_limited_as_signing_in_is(string method, string path)
    {
        await using var users = await Backend.StartAsync("ok");
        await using var gateway = await StartAsync(users, "Gateway:RateLimits:SignIns:Burst=3");

        var passed = 0;
        for (var i = 0; i < 6; i++)
        {
            var request = new HttpRequestMessage(new HttpMethod(method), path) { Content = new StringContent("{}") };
            using var response = await gateway.SendAsync(request);
            passed += response.IsSuccessStatusCode ? 1 : 0;
        }

        Assert.Equal(3, passed);
    }

    private static Task<RunningGateway> StartAsync(Backend users, params string[] settings) =>
        RunningGateway.StartAsync([
            $"services:users:http:0={users.Address}",
            "Gateway:TrustedProxies:0=127.0.0.0/8",
            "Gateway:RateLimits:SignIns:PerSecond=0.001",
            "Gateway:RateLimits:SignInsPerAccount:PerSecond=0.001",
            .. settings,
        ]);
}
