using System.Net;
using Shop.Testing;

namespace Shop.ServiceDefaults.Tests;

public sealed class AccessTokenTests
{
    private static readonly Guid User = Guid.Parse("01900000-0000-7000-8000-0000000000aa");

    private static CancellationToken Cancel => TestContext.Current.CancellationToken;

    public static TheoryData<string> ForgedKinds => ForgedTokens.Kinds;

    [Fact]
    public async Task A_token_says_who_it_is()
    {
        await using var host = await TokenHost.StartAsync();

        using var response = await host.GetAsync("/me", host.Tokens.Issue(User));

        Assert.Equal(User.ToString(), await response.Content.ReadAsStringAsync(Cancel));
    }

    [Theory]
    [InlineData("/operators", "customer", HttpStatusCode.Forbidden)]
    [InlineData("/operators", "operator", HttpStatusCode.OK)]
    [InlineData("/operators", "admin", HttpStatusCode.OK)]
    [InlineData("/admins", "operator", HttpStatusCode.Forbidden)]
    [InlineData("/admins", "admin", HttpStatusCode.OK)]
    public async Task Policies_go_by_the_role_in_the_token(string path, string role, HttpStatusCode expected)
    {
        await using var host = await TokenHost.StartAsync();

        Assert.Equal(expected, await host.StatusAsync(path, host.Tokens.Issue(User, role)));
    }

    [Fact]
    public async Task One_of_several_roles_is_enough()
    {
        await using var host = await TokenHost.StartAsync();
        string[] roles = ["customer", "operator"];

        var token = host.Tokens.Issue(User, "", token => token.Claims["role"] = roles);

        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/operators", token));
        Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync("/admins", token));
    }

    [Theory]
    [MemberData(nameof(ForgedKinds))]
    public async Task A_token_that_does_not_count_is_refused_without_a_reason(string kind)
    {
        await using var host = await TokenHost.StartAsync();
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/admins", host.Tokens.Issue(User, "admin")));

        using var response = await host.GetAsync("/admins", ForgedTokens.Make(kind, host.Tokens));

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer error=\"invalid_token\"", response.Headers.WwwAuthenticate.ToString());
        await AssertSaysNothingAsync(response);
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task A_token_that_does_not_count_is_not_made_up_for_by_headers(string environment)
    {
        await using var host = await TokenHost.StartAsync(environment);
        var token = ForgedTokens.Make("expired", host.Tokens);

        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync("/me", token, ("X-User-ID", $"{User}")));
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync("/me", ""));
    }

    [Fact]
    public async Task Without_a_token_the_answer_asks_for_one()
    {
        await using var host = await TokenHost.StartAsync();

        using var response = await host.GetAsync("/me", token: null);

        Assert.Equal(HttpStatusCode.Unauthorized, response.StatusCode);
        Assert.Equal("Bearer", response.Headers.WwwAuthenticate.ToString());
        await AssertSaysNothingAsync(response);
    }

    [Theory]
    [InlineData("openid profile")]
    [InlineData("shop-admin")]
    [InlineData("")]
    public async Task A_token_for_other_things_than_the_shop_does_not_do(string scope)
    {
        await using var host = await TokenHost.StartAsync();

        using var response = await host.GetAsync(
            "/admins",
            host.Tokens.Issue(User, "admin", token => token.Claims["scope"] = scope)
        );

        Assert.Equal(HttpStatusCode.Forbidden, response.StatusCode);
        Assert.Equal(
            "Bearer error=\"insufficient_scope\", scope=\"shop\"",
            response.Headers.WwwAuthenticate.ToString()
        );
    }

    [Theory]
    [InlineData("Production")]
    [InlineData("Development")]
    public async Task Headers_beside_a_token_are_worth_nothing(string environment)
    {
        await using var host = await TokenHost.StartAsync(environment);
        var token = host.Tokens.Issue(User);
        (string, string)[] headers = [("X-User-Role", "admin"), ("X-User-ID", $"{Guid.NewGuid()}")];

        Assert.Equal(HttpStatusCode.Forbidden, await host.StatusAsync("/admins", token, headers));
        using var response = await host.GetAsync("/me", token, headers);
        Assert.Equal(User.ToString(), await response.Content.ReadAsStringAsync(Cancel));
    }

    [Fact]
    public async Task A_token_ends_half_a_minute_after_its_time_at_the_latest()
    {
        await using var host = await TokenHost.StartAsync();
        var token = host.Tokens.Issue(User);

        host.Clock.Ahead = TimeSpan.FromMinutes(15);
        Assert.Equal(HttpStatusCode.OK, await host.StatusAsync("/me", token));
        host.Clock.Ahead += TimeSpan.FromSeconds(31);
        Assert.Equal(HttpStatusCode.Unauthorized, await host.StatusAsync("/me", token));
    }

    // The same answer as to everybody without a token.
    private static async Task AssertSaysNothingAsync(HttpResponseMessage response)
    {
        Assert.Equal("application/problem+json", response.Content.Headers.ContentType?.MediaType);
        var problem = await Json.ReadAsync(response);
        Assert.Equal("https://shop.example/problems/unauthenticated", problem.Text("type"));
        Assert.Equal("Sign in, and send the access token.", problem.Text("detail"));
        Assert.Equal(
            ["correlationId", "detail", "status", "title", "traceId", "type"],
            problem.EnumerateObject().Select(member => member.Name).Order(StringComparer.Ordinal)
        );
    }
}
